import { createHash } from 'node:crypto'
import { isLoose } from '../../../shared/data/kinds.ts'
import { type Column, type ColumnType, uniqueNames } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { containsAnywhere, numberOf } from './text.ts'

/** Kept rows as SQL reaches them. */
export interface KeptTable {
  /** Ready-quoted, with catalog and schema. */
  relation: string
  columns: readonly Column[]
}

/** Which rows, in which order. */
export interface ViewQuery {
  sort?: { column: string; direction: 'asc' | 'desc' }[] | undefined
  /** SQL condition over the columns. */
  filter?: string | undefined
  /** Text that any column must contain, case left aside. */
  search?: string | undefined
}

export interface WindowQuery extends ViewQuery {
  /** First row, 0-based, in the order asked for. */
  offset: number
  /** At most 10,000. */
  limit: number
}

/** Rows of one window at most. */
export const maxWindow = 10_000

/** A SELECT of all rows of a view. @throws AppError CONFIG_COLUMN */
export function selectRows(kept: KeptTable, view: ViewQuery, columns: readonly Column[]): string {
  const row = rowIdName(kept)
  const fields = columns.map(({ name }) => quoteName(name)).join(', ')
  return `SELECT ${fields} FROM (${numbered(kept, row)}) ${clauses(kept.columns, view, row)}`
}

/** A SELECT of the row ids of a view, in its order. @throws AppError CONFIG_COLUMN */
export function selectRowIds(kept: KeptTable, view: ViewQuery): string {
  const row = rowIdName(kept)
  return `SELECT ${row} FROM (${numbered(kept, row)}) ${clauses(kept.columns, view, row)}`
}

/** The rows with their columns numbered: a column of theirs called `rowid` would hide the row id. */
export function relationOf({ columns, relation }: KeptTable): string {
  const names = columns.map((_, index) => `c${index}`)
  return `${relation} AS kept_rows(${names.join(', ')})`
}

/** A name for the row id that no column has. */
const rowIdName = ({ columns }: KeptTable) =>
  quoteName(uniqueNames([...columns, { name: 'row' }]).at(-1)?.name ?? 'row')

/** The columns under their own names, and the row id. */
function numbered(kept: KeptTable, row: string): string {
  const fields = kept.columns.map(({ name }, index) => `c${index} AS ${quoteName(name)}`)
  return `SELECT ${[`rowid AS ${row}`, ...fields].join(', ')} FROM ${relationOf(kept)}`
}

function clauses(columns: readonly Column[], { filter, search, sort }: ViewQuery, row: string): string {
  const conditions = [
    ...(filter ? [`(\n${filter}\n)`] : []),
    ...(search ? [containsAnywhere(columns, quoteText(search))] : []),
  ]
  const keys = (sort ?? []).flatMap(({ column, direction }) => {
    const known = columns.find(({ name }) => name === column)
    if (!known) {
      throw new AppError('CONFIG_COLUMN', `The column ${column} is not among the rows.`, { at: { field: 'sort' } })
    }
    return sortKeys(quoteName(column), known.type).map(
      (key) => `${key} ${direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`,
    )
  })
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''
  // Unsorted rows come in the order they lie in; ties keep it too, so pages never overlap.
  return keys.length === 0 ? where : `${where} ORDER BY ${[...keys, row].join(', ')}`
}

/** Whole numbers beyond what a double tells apart are put in order by a key of their own. */
const sortKeys = (value: string, type: ColumnType): string[] =>
  isLoose(type) ? [numberOf(value, type), `TRY_CAST(split_part(${value}, '.', 1) AS HUGEINT)`] : [value]

/** The same for views of the same rows in the same order. */
export function orderKey({ sort, filter, search }: ViewQuery): string {
  return createHash('sha256')
    .update(JSON.stringify([sort ?? [], filter ?? '', search ?? '']))
    .digest('hex')
    .slice(0, 16)
}
