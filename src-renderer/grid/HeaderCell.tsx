import { Menu } from '@mantine/core'
import {
  IconArrowAutofitWidth,
  IconChartBar,
  IconChevronDown,
  IconEyeOff,
  IconFilter,
  IconPin,
  IconPinnedOff,
  IconRoute,
  IconSortAscending,
  IconSortDescending,
} from '@tabler/icons-react'
import type { CustomHeaderProps } from 'ag-grid-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { ColumnType } from '../../shared/data/types.ts'
import { useGridActions } from './actions.ts'
import { shortType } from './format.ts'
import classes from './grid.module.css'
import type { GridStore } from './store.ts'

interface HeaderProps extends CustomHeaderProps {
  type: ColumnType
  store: GridStore
}

/** Name and type of a column; a click sorts by it, with Shift after other columns. Its menu holds the rest. */
export function HeaderCell({ displayName, column, api, eGridHeader, type }: HeaderProps) {
  const actions = useGridActions()
  const sort = useStore(actions, (state) => state.sort)
  const place = sort.findIndex((key) => key.column === displayName)
  const direction = sort[place]?.direction
  useEffect(() => {
    const said = direction === 'asc' ? 'ascending' : direction === 'desc' ? 'descending' : 'none'
    eGridHeader.setAttribute('aria-sort', said)
  }, [eGridHeader, direction])
  const { onSort, onFilter, onProfile, onLineage } = actions.getState()
  const pinned = column.isPinned()
  return (
    <div className={classes.header}>
      <button
        type="button"
        tabIndex={-1}
        className={classes.headerButton}
        title={`${displayName} · ${shortType(type)}`}
        onClick={({ shiftKey }) => onSort(displayName, shiftKey)}
      >
        <span className={classes.headerName}>{displayName}</span>
        <span className={classes.headerType}>{shortType(type)}</span>
        {direction && (
          <span className={classes.headerSort}>
            {direction === 'asc' ? (
              <IconSortAscending size={14} aria-hidden />
            ) : (
              <IconSortDescending size={14} aria-hidden />
            )}
            {sort.length > 1 && place + 1}
          </span>
        )}
      </button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <button type="button" tabIndex={-1} className={classes.headerMenu} aria-label={`Menu of ${displayName}`}>
            <IconChevronDown size={14} aria-hidden />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconSortAscending size={14} />}
            onClick={() => actions.getState().setSort([{ column: displayName, direction: 'asc' }])}
          >
            Sort ascending
          </Menu.Item>
          <Menu.Item
            leftSection={<IconSortDescending size={14} />}
            onClick={() => actions.getState().setSort([{ column: displayName, direction: 'desc' }])}
          >
            Sort descending
          </Menu.Item>
          <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => onFilter(displayName)}>
            Filter
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={pinned ? <IconPinnedOff size={14} /> : <IconPin size={14} />}
            onClick={() => api.setColumnsPinned([column], pinned ? null : 'left')}
          >
            {pinned ? 'Unpin' : 'Pin to the left'}
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowAutofitWidth size={14} />} onClick={() => api.autoSizeColumns([column])}>
            Fit width to content
          </Menu.Item>
          <Menu.Item leftSection={<IconArrowAutofitWidth size={14} />} onClick={() => api.autoSizeAllColumns()}>
            Fit all widths
          </Menu.Item>
          <Menu.Item leftSection={<IconEyeOff size={14} />} onClick={() => api.setColumnsVisible([column], false)}>
            Hide
          </Menu.Item>
          {(onProfile || onLineage) && <Menu.Divider />}
          {onProfile && (
            <Menu.Item leftSection={<IconChartBar size={14} />} onClick={() => onProfile(displayName)}>
              Profile
            </Menu.Item>
          )}
          {onLineage && (
            <Menu.Item leftSection={<IconRoute size={14} />} onClick={() => onLineage(displayName)}>
              Lineage
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
