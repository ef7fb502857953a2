import { randomBytes } from 'node:crypto'
import { quote } from './sql.ts'

/** A table with its schema. */
export interface Place {
  schema: string
  name: string
}

/** A table that is filled under a name of its own until it takes its place. */
interface Pending {
  stage: Place
  target: Place
  /** Where the table that is replaced goes before it is dropped; undefined when there is none. */
  old: Place | undefined
}

const prefix = { stage: 'sluice_new_', old: 'sluice_old_' }

/** Names of helping tables, which tell the lock that is held while they are in use. */
export const helperPattern = /^sluice_(?:new|old)_([0-9a-f]{12})$/
export const lockName = (id: string) => `sluice_${id}`
export const freshId = () => randomBytes(6).toString('hex')

export const placeSql = ({ schema, name }: Place) => `${quote(schema)}.${quote(name)}`
const samePlace = (a: Place, b: Place) => a.schema === b.schema && a.name === b.name

/** Whether a name stands in SQL as a word of its own; in a text as well, which is not told apart. */
function names(sql: string, name: string): boolean {
  const word = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${word}(?![\\p{L}\\p{N}_$])`, 'iu').test(sql)
}

/**
 * DDL commits by itself here, so a new table is made aside and filled in the transaction, and one RENAME TABLE, which is
 * atomic and commits, puts all new tables of the transaction in their places.
 */
export class PendingTables {
  private pending: Pending[] = []
  private unwanted: Place[] = []

  /** The stage of a table that comes to be when the transaction commits. */
  stageOf(target: Place): Place | undefined {
    return this.pending.find((each) => samePlace(each.target, target))?.stage
  }

  /** A table that a statement names and that takes its place only when the transaction commits. */
  namedIn(sql: string): Place | undefined {
    return this.pending.find(({ target }) => names(sql, target.name))?.target
  }

  add(target: Place, id: string, exists: boolean): Place {
    const { schema } = target
    const stage = { schema, name: `${prefix.stage}${id}` }
    this.pending.push({ stage, target, old: exists ? { schema, name: `${prefix.old}${id}` } : undefined })
    return stage
  }

  /** Gives one up; it is dropped when the transaction has ended. */
  remove(target: Place): void {
    for (const { stage } of this.pending.filter((each) => samePlace(each.target, target))) this.unwanted.push(stage)
    this.pending = this.pending.filter((each) => !samePlace(each.target, target))
  }

  /** The statement that puts the tables in their places; undefined when there are none. */
  swapSql(): string | undefined {
    const moves = this.pending.flatMap(({ stage, target, old }) => [
      ...(old ? [`${placeSql(target)} to ${placeSql(old)}`] : []),
      `${placeSql(stage)} to ${placeSql(target)}`,
    ])
    return moves.length === 0 ? undefined : `rename table ${moves.join(', ')}`
  }

  swapped(): void {
    for (const { old } of this.pending) if (old) this.unwanted.push(old)
    this.pending = []
  }

  /** The statement that drops what is not, or no longer, wanted; undefined when there is nothing. Only without a transaction. */
  dropSql(): string | undefined {
    for (const { stage } of this.pending) this.unwanted.push(stage)
    this.pending = []
    return this.unwanted.length === 0 ? undefined : `drop table if exists ${this.unwanted.map(placeSql).join(', ')}`
  }

  dropped(): void {
    this.unwanted = []
  }
}
