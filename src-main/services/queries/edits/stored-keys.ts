import type { RowEdit } from '../../../../shared/contract/queries.ts'
import { isMoment } from '../../../../shared/data/kinds.ts'
import { inUtc } from '../../../../shared/data/moments.ts'
import type { Session, TableInfo } from '../../../dialects/dialect.ts'
import { sameValue } from './values.ts'

type Key = Readonly<Record<string, string | null>>

/** SQLite reads no offsets of hours alone. */
const readable = (column: string) =>
  `CASE WHEN length(${column}) > 10 AND ${column} GLOB '*[+-][0-9][0-9]' THEN ${column} || ':00' ELSE ${column} END`

/**
 * The edit with its row's key as the table has it. SQLite compares points in time as texts, and the same point may be written in many ways: rows
 * show it in one of them. An edit whose row is found as it is, or by no such key, stays as it is.
 * @param table the table's name in SQL
 */
export async function withStoredKey(
  session: Session,
  { columns }: TableInfo,
  { table, quote }: { table: string; quote(name: string): string },
  edit: RowEdit,
): Promise<RowEdit> {
  if (edit.kind === 'insert') return edit
  const moments = columns.filter(({ name, type }) => isMoment(type) && (edit.key[name] ?? null) !== null)
  if (moments.length === 0) return edit
  const names = moments.map(({ name }) => name)
  const find = async (where: string[], key: Key) => {
    const params = Object.fromEntries(
      names.map((name, index) => [`v${index}`, { type: { kind: 'text' as const }, value: key[name] ?? null }]),
    )
    const fields = names.map((name) => `CAST(${quote(name)} AS TEXT)`).join(', ')
    const { rows } = await session.execute({
      sql: `SELECT DISTINCT ${fields} FROM ${table} WHERE ${where.join(' AND ')}`,
      params,
    })
    return rows
  }
  const asShown = names.map((name, index) => `${quote(name)} = :v${index}`)
  if ((await find(asShown, edit.key)).length > 0) return edit
  const plain = Object.fromEntries(names.map((name) => [name, inUtc(edit.key[name] ?? '') ?? edit.key[name] ?? null]))
  const near = names.map((name, index) => `unixepoch(${readable(quote(name))}) = unixepoch(:v${index})`)
  const same = (await find(near, plain)).filter((row) =>
    moments.every(({ name, type }, index) => sameValue(edit.key[name] ?? null, String(row[index]), type)),
  )
  const [stored] = same
  if (!stored || same.length > 1) return edit
  return {
    ...edit,
    key: { ...edit.key, ...Object.fromEntries(names.map((name, index) => [name, String(stored[index])])) },
  }
}
