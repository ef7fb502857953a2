import type { DialectId } from '../../../../shared/connections.ts'
import type { EditableField, EditableTable } from '../../../../shared/contract/queries.ts'
import { statementsOf } from '../../../../shared/sql/statements.ts'
import type { Database, TableColumn, TableInfo } from '../../../dialects/dialect.ts'
import { type SingleSource, type SqlName, singleSource } from './source.ts'

type Editable = { table: EditableTable; reason: null } | { table: null; reason: string }

const no = (reason: string): Editable => ({ table: null, reason })

/**
 * The one table whose rows a query shows, with a key that finds each; else why its cells cannot be changed.
 * @param schemaOf the schema of the table that a bare name means where the query ran
 */
export async function editableTable(
  database: Database,
  sql: string,
  schemaOf: (table: string) => Promise<string | undefined> = async () => undefined,
): Promise<Editable> {
  const { dialect, config } = database
  if (config.readOnly) return no('The connection is read-only.')
  const [only, more] = statementsOf(sql, dialect.id)
  const source = only && !more ? singleSource(only.sql, dialect.id) : undefined
  if (!source) return no('Only rows of a query on a single table, without grouping, can be changed.')
  const name = spelled(source.table, dialect.id)
  const schema = source.schema ? spelled(source.schema, dialect.id) : await schemaOf(name)
  const info = await database.table({ name, ...(schema !== undefined && { schema }) })
  if (!info) return no(`The table ${source.table.text} was not found.`)
  if (info.kind !== 'table') return no(`${info.name} is a view.`)
  return fromTable(info, source)
}

function fromTable(info: TableInfo, { items }: SingleSource): Editable {
  const columns = items.flatMap((item) => {
    if (item === '*') return info.columns.map(({ name }) => name)
    return [item === null ? null : (columnOf(info.columns, item)?.name ?? null)]
  })
  const candidates = rowKeys(info)
  const [first] = candidates
  if (!first) return no(`The table ${info.name} has no primary key, nor a unique key without NULL.`)
  const keys = candidates.find((key) => key.every((name) => columns.includes(name)))
  if (!keys) return no(`The rows do not show the key of ${info.name} (${first.join(', ')}).`)
  const fields = info.columns.map(
    ({ name, type, nullable, hasDefault, generated = false, identityAlways = false }): [string, EditableField] => [
      name,
      {
        type,
        nullable: nullable !== false,
        optional: hasDefault || nullable !== false,
        generated: generated || identityAlways,
      },
    ],
  )
  return {
    table: { schema: info.schema ?? null, table: info.name, columns, keys, fields: Object.fromEntries(fields) },
    reason: null,
  }
}

/** Column sets that find one row each: the primary key, then unique keys whose columns are never NULL. */
export function rowKeys({ columns, keys }: TableInfo): string[][] {
  const primary = columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name)
  const filled = new Set(columns.filter(({ nullable }) => nullable === false).map(({ name }) => name))
  const others = keys.filter((key) => key.length > 0 && key.every((name) => filled.has(name)))
  return primary.length > 0 ? [primary, ...others] : others
}

/** Postgres takes names without quotes for lower case. */
const spelled = ({ text, quoted }: SqlName, dialect: DialectId) =>
  dialect === 'postgres' && !quoted ? text.toLowerCase() : text

const columnOf = (columns: readonly TableColumn[], { text, quoted }: SqlName) =>
  columns.find(({ name }) => name === text) ??
  (quoted ? undefined : columns.find(({ name }) => name.toLowerCase() === text.toLowerCase()))
