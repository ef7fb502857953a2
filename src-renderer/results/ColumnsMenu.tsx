import { Checkbox, Popover } from '@mantine/core'
import type { Icon } from '@tabler/icons-react'
import { useState } from 'react'
import type { Column } from '../../shared/data/types.ts'
import type { GridStore } from '../grid/store.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './rows.module.css'

/** Which columns the grid shows. */
export function ColumnsMenu({ store, columns, icon }: { store: GridStore; columns: readonly Column[]; icon: Icon }) {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" withinPortal withRoles={false} trapFocus>
      <Popover.Target>
        <IconButton
          label="Columns"
          icon={icon}
          size="sm"
          aria-expanded={opened}
          aria-haspopup="dialog"
          onClick={() => setOpened(!opened)}
        />
      </Popover.Target>
      <Popover.Dropdown role="dialog" aria-label="Columns" className={classes.columns}>
        {opened &&
          columns.map((column, place) => (
            <ColumnSwitch key={column.name} store={store} column={column} place={place} />
          ))}
      </Popover.Dropdown>
    </Popover>
  )
}

function ColumnSwitch({ store, column, place }: { store: GridStore; column: Column; place: number }) {
  const { api } = store.getState()
  const [shown, setShown] = useState(() => api?.getColumn(String(place))?.isVisible() ?? true)
  return (
    <Checkbox
      label={column.name}
      checked={shown}
      onChange={({ currentTarget }) => {
        setShown(currentTarget.checked)
        api?.setColumnsVisible([String(place)], currentTarget.checked)
      }}
    />
  )
}
