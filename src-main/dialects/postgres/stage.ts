import type { WritePlan } from '../dialect.ts'
import type { Applied } from '../server/applied.ts'
import { nothingToUpdate } from '../server/load-checks.ts'
import { type PgTable, qualified } from './catalog.ts'
import { CopyOut } from './copy-out.ts'
import { freshName } from './create-table.ts'
import type { Link } from './link.ts'
import { quote } from './sql.ts'
import { databaseType } from './types.ts'

/** A range of arrived rows, by arrival number. */
interface Range {
  from: number
  to: number
}

const NUMBER = 'sluice_row'

/**
 * A temporary table that takes the rows of an upsert, update or delete, which one statement then applies. Of several
 * rows with one key the last to arrive wins; rows whose key holds NULL match nothing and stand for themselves.
 */
export class Stage {
  readonly name: string
  private readonly session: Link
  private readonly plan: WritePlan
  private readonly table: PgTable

  constructor(session: Link, plan: WritePlan, table: PgTable, name: string) {
    this.session = session
    this.plan = plan
    this.table = table
    this.name = name
  }

  /** Applies all rows at once, or those of a range. */
  async apply(range?: Range): Promise<Applied> {
    switch (this.plan.mode) {
      case 'upsert':
        return this.upsert(range)
      case 'update':
        return { inserted: 0, updated: await this.count(this.updateSql(range)), deleted: 0 }
      default:
        return { inserted: 0, updated: 0, deleted: await this.count(this.deleteSql(range)) }
    }
  }

  /** Fresh numbers for the planner, which else takes a new table for a small one. */
  async analyze(): Promise<void> {
    await this.session.query(`analyze ${this.name}`)
  }

  async drop(): Promise<void> {
    await this.session.query(`drop table ${this.name}`)
  }

  /** Leaves one row per key, so that ranges can be applied on their own. Only with numbered rows. */
  async keepLast(): Promise<void> {
    const same = this.plan.keys.map((key) => `later.${quote(key)} = s.${quote(key)}`).join(' and ')
    await this.session.query(
      `delete from ${this.name} s where exists (select 1 from ${this.name} later where ${same} and later.${NUMBER} > s.${NUMBER})`,
    )
  }

  /** The numbers of the first and last row; undefined when there are none. Only with numbered rows. */
  async range(): Promise<Range | undefined> {
    const [row] = await this.session.query(`select min(${NUMBER}), max(${NUMBER}) from ${this.name}`)
    const from = row?.[0]
    return from === null || from === undefined ? undefined : { from: Number(from), to: Number(row?.[1]) }
  }

  /** One row as wire text; undefined when there is none of that number. */
  async row(number: number): Promise<string | undefined> {
    const sql = `copy (select ${this.arriving()} from ${this.name} where ${NUMBER} = ${number}) to stdout (format csv)`
    return this.session.run(async () => {
      const copy = new CopyOut(this.session.client, (connection) => connection.query(sql))
      const pieces: Buffer[] = []
      for (let piece = await copy.next(); piece; piece = await copy.next()) pieces.push(piece)
      return pieces.length === 0 ? undefined : Buffer.concat(pieces).toString('utf8')
    })
  }

  private arriving(): string {
    return this.plan.columns.map((column) => quote(column.name)).join(', ')
  }

  /** The rows that count, one per key, as a subquery. */
  private rows(range: Range | undefined): string {
    const keys = this.plan.keys.map(quote).join(', ')
    const nulls = this.plan.keys.map((key) => `${quote(key)} is null`).join(' or ')
    const where = range ? ` where ${NUMBER} between ${range.from} and ${range.to}` : ''
    return `select distinct on (${keys}, case when ${nulls} then ctid end) ${this.arriving()} from ${this.name}${where}
      order by ${keys}, case when ${nulls} then ctid end, ctid desc`
  }

  private async count(sql: string): Promise<number> {
    const [row] = await this.session.query(`with done as (${sql} returning 1) select count(*) from done`)
    return Number(row?.[0] ?? 0)
  }

  private assignable(): string[] {
    const identity = new Set(this.table.columns.filter((column) => column.identityAlways).map((column) => column.name))
    return this.plan.columns
      .map((column) => column.name)
      .filter((name) => !this.plan.keys.includes(name) && !identity.has(name))
  }

  private async upsert(range: Range | undefined): Promise<Applied> {
    const { plan, session, table } = this
    const set = this.assignable().map((name) => `${quote(name)} = excluded.${quote(name)}`)
    const conflict = set.length > 0 ? `do update set ${set.join(', ')}` : 'do nothing'
    const insert = `insert into ${qualified(table)} (${this.arriving()}) overriding system value
      ${this.rows(range)} on conflict (${plan.keys.map(quote).join(', ')}) ${conflict}`
    if (table.relkind === 'p') return this.upsertPartitioned(insert, range, set.length > 0)
    // A row that was there before has been locked, which shows in xmax.
    const [row] = await session.query(
      `with done as (${insert} returning xmax = 0 as fresh)
       select count(*) filter (where fresh), count(*) filter (where not fresh) from done`,
    )
    return { inserted: Number(row?.[0] ?? 0), updated: Number(row?.[1] ?? 0), deleted: 0 }
  }

  /** A partitioned table does not tell xmax: the rows that exist are counted before. */
  private async upsertPartitioned(insert: string, range: Range | undefined, updates: boolean): Promise<Applied> {
    const match = this.plan.keys.map((key) => `t.${quote(key)} = s.${quote(key)}`).join(' and ')
    const [before] = await this.session.query(
      `select count(*) from (${this.rows(range)}) s where exists (select 1 from ${qualified(this.table)} t where ${match})`,
    )
    const updated = updates ? Number(before?.[0] ?? 0) : 0
    const all = await this.count(insert)
    return { inserted: all - updated, updated, deleted: 0 }
  }

  private updateSql(range: Range | undefined): string {
    const assignable = this.assignable()
    if (assignable.length === 0) throw nothingToUpdate()
    const set = assignable.map((name) => `${quote(name)} = s.${quote(name)}`).join(', ')
    return `update ${qualified(this.table)} t set ${set} from (${this.rows(range)}) s where ${this.match()}`
  }

  private deleteSql(range: Range | undefined): string {
    return `delete from ${qualified(this.table)} t using (${this.rows(range)}) s where ${this.match()}`
  }

  private match(): string {
    return this.plan.keys.map((key) => `t.${quote(key)} = s.${quote(key)}`).join(' and ')
  }
}

export async function openStage(session: Link, plan: WritePlan, table: PgTable): Promise<Stage> {
  const name = `pg_temp.${quote(freshName('sluice_stage'))}`
  const columns = plan.columns.map((column) => {
    const known = table.columns.find((candidate) => candidate.name === column.name)
    return `${quote(column.name)} ${known?.databaseType ?? databaseType(column.type)}`
  })
  if (plan.maxRejects > 0) columns.push(`${NUMBER} bigint generated always as identity primary key`)
  await session.query(`create temporary table ${name} (${columns.join(', ')}) on commit drop`)
  return new Stage(session, plan, table, name)
}
