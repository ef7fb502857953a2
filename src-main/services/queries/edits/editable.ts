import type { DialectId } from '../../../../shared/connections.ts'
import type { EditableTable } from '../../../../shared/contract/queries.ts'
import { statementsOf } from '../../../../shared/sql/statements.ts'
import type { Database, TableColumn, TableInfo } from '../../../dialects/dialect.ts'
import { type SingleSource, type SqlName, singleSource } from './source.ts'

type Editable = { table: EditableTable; reason: null } | { table: null; reason: string }

const no = (reason: string): Editable => ({ table: null, reason })

/** The one table whose rows a query shows, with its primary key; else why its cells cannot be changed. */
export async function editableTable(database: Database, sql: string): Promise<Editable> {
  const { dialect, config } = database
  if (config.readOnly) return no('The connection is read-only.')
  const [only, more] = statementsOf(sql, dialect.id)
  const source = only && !more ? singleSource(only.sql, dialect.id) : undefined
  if (!source) return no('Only rows of a query on a single table, without grouping, can be changed.')
  const info = await database.table({
    name: spelled(source.table, dialect.id),
    ...(source.schema && { schema: spelled(source.schema, dialect.id) }),
  })
  if (!info) return no(`The table ${source.table.text} was not found.`)
  if (info.kind !== 'table') return no(`${info.name} is a view.`)
  return fromTable(info, source)
}

function fromTable(info: TableInfo, { items }: SingleSource): Editable {
  const columns = items.flatMap((item) => {
    if (item === '*') return info.columns.map(({ name }) => name)
    return [item === null ? null : (columnOf(info.columns, item)?.name ?? null)]
  })
  const keys = info.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name)
  if (keys.length === 0) return no(`The table ${info.name} has no primary key.`)
  const missing = keys.filter((key) => !columns.includes(key))
  if (missing.length > 0) return no(`The rows do not show the primary key (${missing.join(', ')}).`)
  const optional = info.columns.filter(({ hasDefault, nullable }) => hasDefault || nullable !== false)
  return {
    table: { schema: info.schema ?? null, table: info.name, columns, keys, optional: optional.map(({ name }) => name) },
    reason: null,
  }
}

/** Postgres takes names without quotes for lower case. */
const spelled = ({ text, quoted }: SqlName, dialect: DialectId) =>
  dialect === 'postgres' && !quoted ? text.toLowerCase() : text

const columnOf = (columns: readonly TableColumn[], { text, quoted }: SqlName) =>
  columns.find(({ name }) => name === text) ??
  (quoted ? undefined : columns.find(({ name }) => name.toLowerCase() === text.toLowerCase()))
