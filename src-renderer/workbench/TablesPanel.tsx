import { TextInput } from '@mantine/core'
import { IconEye, IconSearch, IconTable } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TableEntry } from '../../shared/contract/connections.ts'
import { api, asAppError } from '../api/client.ts'
import { nameText } from '../editors/dialects.ts'
import type { PlacedConnection } from './connections.ts'
import { insertText } from './open.ts'
import classes from './SidePane.module.css'
import shared from './workbench.module.css'

/** Tables of the connection; a click writes the name where the caret is. */
export function TablesPanel({ connection }: { connection: PlacedConnection | undefined }) {
  const [search, setSearch] = useState('')
  const found = useQuery({
    queryKey: ['tables', connection?.folder, connection?.name],
    enabled: connection !== undefined,
    queryFn: () => api.connections.tables({ connection: connection?.name ?? '', folder: connection?.folder ?? '' }),
    staleTime: 60_000,
  })
  if (!connection) return <p className={classes.sideEmpty}>Pick a connection to see its tables.</p>
  if (found.error) return <Unreachable thrown={found.error} again={() => void found.refetch()} />
  const text = search.toLowerCase()
  const tables = (found.data ?? []).filter(({ name }) => name.toLowerCase().includes(text))
  return (
    <div className={classes.side}>
      <div className={classes.sideHead}>
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
      {found.data?.length === 0 && <p className={classes.sideEmpty}>The database has no tables yet.</p>}
      <ul className={classes.list} aria-label="Tables">
        {tables.map((table) => (
          <li key={`${table.schema} ${table.name}`}>
            <button
              type="button"
              className={classes.table}
              title="Write its name at the caret"
              onClick={() => insertText(textOf(table, connection))}
            >
              {table.kind === 'view' ? <IconEye size={14} aria-hidden /> : <IconTable size={14} aria-hidden />}
              <span>{table.name}</span>
              {table.schema !== null && <span className={shared.dim}>{table.schema}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function textOf({ schema, name }: TableEntry, { dialect }: PlacedConnection): string {
  const plain = schema === null || schema === 'public' || dialect !== 'postgres'
  return plain ? nameText(name, dialect) : `${nameText(schema, dialect)}.${nameText(name, dialect)}`
}

function Unreachable({ thrown, again }: { thrown: unknown; again(): void }) {
  const { message, hint } = asAppError(thrown)
  return (
    <div className={classes.sideEmpty} role="alert">
      <p>{message}</p>
      {hint !== undefined && <p className={shared.dim}>{hint}</p>}
      <button type="button" className={shared.link} onClick={again}>
        Try again
      </button>
    </div>
  )
}
