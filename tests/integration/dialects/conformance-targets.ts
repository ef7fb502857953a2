import type { Column } from '../../../shared/data/types.ts'
import type { Database } from '../../../src-main/dialects/dialect.ts'
import { column, int32, load, plan, query, type Subject, text } from './subject.ts'

/** The columns of the tables that the writing tests fill. */
export const columns: Column[] = [column('id', int32), column('name', text)]

/** What `prepared` puts in. */
export const before = [
  [1, 'one'],
  [2, 'two'],
]

export const none = { received: 0, inserted: 0, updated: 0, deleted: 0, rejected: 0 }

let tables = 0
export const freshName = () => `written_${++tables}`

/** Tables to write into, in the database of a subject. */
export function targets(subject: () => Subject) {
  const db = (): Database => subject().database
  const rowsOf = async (table: string) =>
    (await query(db(), `select id, name from ${table} order by id`)).rows.map(([id, name]) => [Number(id), name])

  /** A table with rows 1 and 2 and a primary key. */
  const prepared = async () => {
    const table = freshName()
    await load(db(), plan(table, columns, { mode: 'fail', keys: ['id'] }), [
      [1, 'one'],
      [2, 'two'],
    ])
    return table
  }
  return { db, rowsOf, prepared }
}
