import { AppError } from '../../../shared/errors.ts'
import type { TableInfo, WritePlan } from '../dialect.ts'

/** Whether two names mean the same column. */
export type SameName = (a: string, b: string) => boolean

/** @throws AppError CONFIG_COLUMN when no column arrives, or a key does not */
export function requireArrivals({ columns, keys, table }: WritePlan, same: SameName): void {
  if (columns.length === 0)
    throw new AppError('CONFIG_COLUMN', `No columns arrive for table ${table.name}.`, {
      hint: 'A load needs at least one column.',
    })
  const missing = keys.find((key) => !columns.some((column) => same(column.name, key)))
  if (missing === undefined) return
  throw new AppError('CONFIG_COLUMN', `The key column ${missing} does not arrive.`, {
    hint: `Columns that arrive: ${columns.map((column) => column.name).join(', ')}.`,
    at: { field: 'keys' },
  })
}

/** @throws AppError QUERY_CONFLICT for a view */
export function requireTable({ kind, name }: TableInfo): void {
  if (kind === 'table') return
  throw new AppError('QUERY_CONFLICT', `${name} is a view; rows can only be loaded into tables.`, {
    hint: 'Load into the table behind the view.',
  })
}

/** @throws AppError CONFIG_INVALID when there are no keys to match rows by */
export function requireKeys({ keys, mode }: WritePlan): void {
  if (keys.length > 0) return
  throw new AppError('CONFIG_INVALID', `Mode ${mode} needs the key columns that rows are matched by.`, {
    hint: 'Name the keys of the load.',
    at: { field: 'keys' },
  })
}

/** @throws AppError CONFIG_INVALID when an upsert's keys are no unique key of the table */
export function requireUnique({ keys, mode }: WritePlan, table: TableInfo, same: SameName): void {
  const isKey = (key: readonly string[]) =>
    key.length === keys.length && key.every((name) => keys.some((wanted) => same(name, wanted)))
  if (mode !== 'upsert' || table.keys.some(isKey)) return
  throw new AppError('CONFIG_INVALID', `Table ${table.name} has no unique key on (${keys.join(', ')}).`, {
    hint: table.keys.length
      ? `Its keys are ${table.keys.map((key) => `(${key.join(', ')})`).join(', ')}.`
      : 'Add a primary key or a unique constraint to the table.',
    at: { field: 'keys' },
  })
}

/**
 * Columns of a delete that are no keys only pass by; all others must exist. What the database computes can only be matched by.
 * @param hint for a column that the table has not; its columns are named when there is none
 * @throws AppError QUERY_MISSING, CONFIG_COLUMN
 */
export function requireColumns(
  plan: WritePlan,
  table: { name: string; columns: readonly { name: string; generated: boolean }[] },
  same: SameName,
  hint: (name: string) => string | undefined = () => undefined,
): void {
  const matched = plan.mode === 'update' || plan.mode === 'delete' ? plan.keys : []
  const names = plan.mode === 'delete' ? plan.keys : plan.columns.map((column) => column.name)
  for (const name of names) {
    const column = table.columns.find((candidate) => same(candidate.name, name))
    if (!column)
      throw new AppError('QUERY_MISSING', `Table ${table.name} has no column ${name}.`, {
        hint: hint(name) ?? `Its columns are ${table.columns.map((candidate) => candidate.name).join(', ')}.`,
      })
    if (column.generated && !matched.some((key) => same(key, name))) throw computedColumn(table.name, name)
  }
}

export function computedColumn(table: string, name: string): AppError {
  return new AppError('CONFIG_COLUMN', `Column ${name} of table ${table} is computed by the database.`, {
    hint: 'Leave it out before the load.',
  })
}

export function tableExists({ table }: WritePlan): AppError {
  return new AppError('QUERY_CONFLICT', `Table ${table.name} already exists.`, {
    hint: 'Choose another mode: append, replace, truncate or upsert.',
  })
}

export function tableMissing({ table, mode }: WritePlan): AppError {
  return new AppError('QUERY_MISSING', `There is no table ${table.name} to ${mode} rows in.`, {
    hint: 'Check the name and the schema, or create the table first.',
  })
}

export function nothingToUpdate(): AppError {
  return new AppError('CONFIG_COLUMN', 'Only key columns arrive: there is nothing to update.', {
    hint: 'Let at least one column arrive that is no key.',
  })
}
