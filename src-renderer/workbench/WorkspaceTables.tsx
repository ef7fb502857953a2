import { TextInput, UnstyledButton } from '@mantine/core'
import { IconChevronRight, IconEye, IconSearch, IconTable } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TableEntry } from '../../shared/contract/connections.ts'
import { api } from '../api/client.ts'
import { nameText } from '../editors/names.ts'
import { Failed } from '../ui/Failed.tsx'
import { type PlacedConnection, reachableFrom, useConnections } from './connections.ts'
import { insertText } from './open.ts'
import side from './SidePane.module.css'
import classes from './WorkspaceTables.module.css'
import shared from './workbench.module.css'

/** Tables of every connection; a click writes the whole name where the caret is. A connection is asked when it is opened. */
export function WorkspaceTables({ folder }: { folder: string }) {
  const [search, setSearch] = useState('')
  const { connections } = useConnections()
  return (
    <div className={side.side}>
      <div className={side.sideHead}>
        <TextInput
          size="xs"
          type="search"
          aria-label="Search tables"
          placeholder="Search tables"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
      </div>
      <ul className={side.list} aria-label="Connections and tables">
        {reachableFrom(connections, folder).map((one) => (
          <Tables key={one.name} connection={one} search={search.toLowerCase()} />
        ))}
      </ul>
    </div>
  )
}

function Tables({ connection, search }: { connection: PlacedConnection; search: string }) {
  const [open, setOpen] = useState(false)
  const { name, folder } = connection
  const found = useQuery({
    queryKey: ['tables', folder, name],
    enabled: open,
    queryFn: () => api.connections.tables({ connection: name, folder }),
    staleTime: 60_000,
  })
  const tables = (found.data ?? []).filter((table) => table.name.toLowerCase().includes(search))
  return (
    <li>
      <UnstyledButton className={classes.connection} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={14} aria-hidden className={classes.arrow} />
        <span>{name}</span>
      </UnstyledButton>
      {open && found.error && (
        <div className={classes.note}>
          <Failed thrown={found.error} again={() => void found.refetch()} />
        </div>
      )}
      {open && found.isLoading && <p className={classes.note}>Asking for its tables …</p>}
      {open && found.data?.length === 0 && <p className={classes.note}>The database has no tables yet.</p>}
      {open && tables.length > 0 && (
        <ul className={classes.tables} aria-label={`Tables of ${name}`}>
          {tables.map((table) => (
            <li key={`${table.schema} ${table.name}`}>
              <button
                type="button"
                className={side.table}
                title="Write its name at the caret"
                onClick={() => insertText(textOf(table, name))}
              >
                {table.kind === 'view' ? <IconEye size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
                <span>{table.name}</span>
                {table.schema !== null && <span className={shared.dim}>{table.schema}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

const textOf = ({ schema, name }: TableEntry, connection: string): string =>
  [connection, schema, name].flatMap((part) => (part === null ? [] : [nameText(part, 'duckdb')])).join('.')
