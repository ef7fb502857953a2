import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { TableEntry } from '../../../../shared/contract/connections.ts'
import { nearest } from '../../../../shared/nearest.ts'
import { formatTableName } from '../../../../shared/sql/names.ts'
import { api } from '../../../api/client.ts'
import { useDocument } from '../../../stores/documents.ts'
import { goTo } from '../../../stores/window.ts'
import { PickOrType } from '../../../ui/PickOrType.tsx'
import { useDraft } from '../../useDraft.ts'
import { tablesStay } from '../columns.ts'
import { type EditorProps, textOf } from '../editor.ts'
import classes from '../form.module.css'
import { useForm } from '../scope.ts'
import { useConnections } from '../useConnections.ts'

const titles: Readonly<Record<string, string>> = { sqlite: 'SQLite', postgres: 'PostgreSQL', mysql: 'MySQL' }

/** A connection by name; one that is not known here stays chosen and is complained about. */
export function ConnectionEditor({ value, set, id, label, describedBy, trouble }: EditorProps) {
  const { document } = useForm()
  const known = useConnections(document)
  const chosen = textOf(value)
  const names = known.map(({ name }) => name)
  const info = new Map(
    known.map(({ name, dialect, environment, readOnly }) => [
      name,
      [titles[dialect] ?? dialect, environment, readOnly ? 'read-only' : undefined].filter(Boolean).join(', '),
    ]),
  )
  return (
    <div className={classes.withButton}>
      <Select
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        error={trouble !== undefined}
        searchable
        data={chosen === '' || names.includes(chosen) ? names : [...names, chosen]}
        value={chosen === '' ? null : chosen}
        placeholder="choose a connection"
        nothingFoundMessage="No connection of that name"
        onChange={(next) => set(next ?? undefined)}
        renderOption={({ option }) => (
          <span className={classes.option}>
            <span>{option.value}</span>
            <span className={classes.optionType}>{info.get(option.value) ?? 'not known here'}</span>
          </span>
        )}
      />
      <Button variant="default" size="xs" onClick={() => goTo('connections')}>
        New…
      </Button>
    </div>
  )
}

/** A name as table fields write it: with its schema where that is not the usual one. */
export const tableText = ({ schema, name }: Pick<TableEntry, 'schema' | 'name'>): string =>
  formatTableName({ schema: schema === 'public' || schema === 'main' ? null : schema, name })

/** A table of the connection that the node names, or any name. */
export function TableEditor({ value, set, id, label, describedBy, trouble }: EditorProps) {
  const { document, config } = useForm()
  const folder = useDocument(document)?.folder ?? ''
  const { connection } = config
  const named = typeof connection === 'string' && connection !== ''
  const { data, error, isFetching } = useQuery({
    queryKey: ['tables', folder, connection],
    queryFn: () => api.connections.tables({ connection: String(connection), folder }),
    enabled: named,
    staleTime: tablesStay,
  })
  const draft = useDraft(textOf(value), (text) => set(text === '' ? undefined : text, true))
  const kinds = new Map(data?.map((table) => [tableText(table), table.kind]))
  const near = trouble && nearest(draft.text, [...kinds.keys()])
  return (
    <div>
      <PickOrType
        id={id}
        aria-label={label}
        aria-describedby={describedBy}
        error={trouble !== undefined}
        data={[...kinds.keys()]}
        limit={300}
        value={draft.text}
        onChange={draft.setText}
        onBlur={draft.leave}
        loading={isFetching}
        placeholder={
          named ? (error ? 'the database cannot be reached' : 'pick or type a table') : 'choose a connection first'
        }
        renderOption={({ option }) => (
          <span className={classes.option}>
            <span>{option.value}</span>
            <span className={classes.optionType}>{kinds.get(option.value)}</span>
          </span>
        )}
      />
      {near !== undefined && near !== draft.text && (
        <Button variant="subtle" size="compact-xs" onClick={() => set(near)}>
          Use {near}
        </Button>
      )}
    </div>
  )
}
