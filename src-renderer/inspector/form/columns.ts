import { useQuery } from '@tanstack/react-query'
import type { Column } from '../../../shared/data/types.ts'
import { parseTableName } from '../../../shared/sql/names.ts'
import { api } from '../../api/client.ts'
import { useDocument } from '../../stores/documents.ts'
import { type FormScope, useForm } from './scope.ts'

/** How long what a database said of its tables is shown without asking again, in milliseconds. */
export const tablesStay = 60_000

/** The columns that a column editor offers; null while they are not known. */
export function useColumns(port: string | undefined): readonly Column[] | null {
  const form = useForm()
  const ofTable = useTableColumns(port === 'table')
  if (port === 'table') return ofTable
  if (port === 'loaded') return renamed(form)
  if (port === 'out') return form.leaving.out ?? null
  return ofPort(form, port)
}

export function ofPort({ arriving }: FormScope, port: string | undefined): readonly Column[] | null {
  const wanted = port === undefined ? arriving : arriving.filter((one) => one.port === port)
  if (wanted.length === 0 || wanted.some(({ columns }) => columns === null)) return null
  const seen = new Set<string>()
  return wanted.flatMap(({ columns }) => columns ?? []).filter(({ name }) => !seen.has(name) && seen.add(name))
}

/** What arrives, under the names that it has in the table. */
function renamed(form: FormScope): readonly Column[] | null {
  const names = form.config.columns
  const columns = ofPort(form, undefined)
  if (!columns || typeof names !== 'object' || names === null) return columns
  return columns.map((column) => {
    const name: unknown = Object.hasOwn(names, column.name) ? Reflect.get(names, column.name) : undefined
    return typeof name === 'string' ? { ...column, name } : column
  })
}

/** Columns of the table that the config names, as its database has them; null when there is none, or nobody knows. */
export function useTableColumns(wanted: boolean): readonly Column[] | null {
  const { document, config } = useForm()
  const folder = useDocument(document)?.folder ?? ''
  const { connection, table } = config
  const named = typeof connection === 'string' && typeof table === 'string' && table !== ''
  const { data } = useQuery({
    queryKey: ['table', folder, connection, table],
    enabled: wanted && named,
    staleTime: tablesStay,
    queryFn: async () => {
      const { schema, name } = parseTableName(String(table))
      return api.connections.table({ connection: String(connection), folder, schema: schema ?? null, table: name })
    },
  })
  return data?.columns ?? null
}
