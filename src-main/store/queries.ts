import type { Order, WhereOptions } from 'sequelize'
import type { QueryRecord } from './records.ts'
import type { Table } from './table.ts'

export interface QueryFilter {
  /** Words that the statement or the name of its connection contain, case left aside; all of them. */
  words: readonly string[]
  connection?: string | undefined
  limit: number
  offset: number
}

/** The history of the query workbench. */
export interface QueryRepository {
  add(entry: QueryRecord): Promise<void>
  /** Newest first. */
  list(filter: QueryFilter): Promise<QueryRecord[]>
  /** What ran on a connection ran on it under its new name. */
  renameConnection(name: string, to: string): Promise<void>
  /** All, when no ids are given. Returns how many went. */
  remove(ids?: string[]): Promise<number>
}

/** So many of the newest stay. */
const maxEntries = 20_000
/** Entries between two times that old ones are removed. */
const tidyEvery = 200

/** @param position the database's function that finds a text in another */
export function queryRepository(table: Table<QueryRecord>, position: 'instr' | 'strpos'): QueryRepository {
  let added = 0
  return {
    async add(entry) {
      await table.insert([{ ...entry }])
      added++
      if (added % tidyEvery !== 1) return
      const { Op } = await import('sequelize')
      const [oldest] = await table.find({ order: [['at', 'DESC']], offset: maxEntries, limit: 1 })
      if (oldest) await table.remove({ at: { [Op.lte]: oldest.at } })
    },
    async list({ words, connection, limit, offset }) {
      const { Op, col, fn, where } = await import('sequelize')
      const contains = (column: string, word: string) =>
        where(fn(position, fn('lower', col(column)), word.toLowerCase()), { [Op.gt]: 0 })
      const conditions: WhereOptions[] = words.map((word) => ({
        [Op.or]: [contains('sql', word), contains('connection', word)],
      }))
      if (connection !== undefined) conditions.push({ connection })
      const newest: Order = [
        ['at', 'DESC'],
        ['id', 'DESC'],
      ]
      return table.find({ where: { [Op.and]: conditions }, order: newest, limit, offset })
    },
    async renameConnection(name, to) {
      await table.update({ connection: to }, { connection: name })
    },
    remove: (ids) => table.remove(ids === undefined ? {} : { id: ids }),
  }
}
