import { Menu } from '@mantine/core'
import {
  IconArrowAutofitWidth,
  IconChartBar,
  IconEyeOff,
  IconFilter,
  IconPin,
  IconPinnedOff,
  IconRoute,
  IconSortAscending,
  IconSortDescending,
} from '@tabler/icons-react'
import type { Column, GridApi } from 'ag-grid-community'
import { useEffect } from 'react'
import { type StoreApi, useStore } from 'zustand'
import { inWindow } from '../ui/in-window.ts'
import type { GridActions } from './actions.ts'
import classes from './grid.module.css'
import type { GridRow, GridStore } from './store.ts'

/** What can be done with the column whose menu was asked for. One menu serves all columns. */
export function ColumnMenu({ store, actions }: { store: GridStore; actions: StoreApi<GridActions> }) {
  const menu = useStore(store, (state) => state.menu)
  const button = menu?.button
  useEffect(() => {
    button?.setAttribute('aria-expanded', 'true')
    return () => button?.setAttribute('aria-expanded', 'false')
  }, [button])
  const api = useStore(store, (state) => state.api)
  const column = menu && api?.getColumn(menu.column)
  const name = column?.getColDef().headerName
  if (!button || !api || !column || name === undefined) return null
  const { onFilter, onProfile, onLineage, setSort } = actions.getState()
  const pinned = column.isPinned()
  const { right, bottom } = button.getBoundingClientRect()
  return (
    <Menu opened onClose={() => close(store)} position="bottom-end" middlewares={inWindow} withinPortal trapFocus>
      <Menu.Target>
        <span className={classes.menuTarget} style={{ left: right, top: bottom }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Menu of ${name}`} className={classes.menu}>
        <Menu.Item
          leftSection={<IconSortAscending size={14} />}
          onClick={() => setSort([{ column: name, direction: 'asc' }])}
        >
          Sort ascending
        </Menu.Item>
        <Menu.Item
          leftSection={<IconSortDescending size={14} />}
          onClick={() => setSort([{ column: name, direction: 'desc' }])}
        >
          Sort descending
        </Menu.Item>
        <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => onFilter(name)}>
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
        <Menu.Item leftSection={<IconEyeOff size={14} />} onClick={() => hide(api, column)}>
          Hide
        </Menu.Item>
        {(onProfile || onLineage) && <Menu.Divider />}
        {onProfile && (
          <Menu.Item leftSection={<IconChartBar size={14} />} onClick={() => onProfile(name)}>
            Profile
          </Menu.Item>
        )}
        {onLineage && (
          <Menu.Item leftSection={<IconRoute size={14} />} onClick={() => onLineage(name)}>
            Lineage
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The header has the focus again, at once: what was chosen may put it elsewhere afterwards. */
function close(store: GridStore): void {
  const { menu, api } = store.getState()
  store.setState({ menu: undefined })
  if (menu && api?.getColumn(menu.column)?.isVisible()) api.setFocusedHeader(menu.column)
}

/** Hides a column. The focus goes on to the header that takes its place. */
function hide(api: GridApi<GridRow>, column: Column): void {
  const place = api.getAllDisplayedColumns().indexOf(column)
  api.setColumnsVisible([column], false)
  const shown = api.getAllDisplayedColumns()
  const next = shown[Math.min(place, shown.length - 1)]
  if (next) api.setFocusedHeader(next)
}
