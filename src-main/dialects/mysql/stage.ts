import type { WritePlan } from '../dialect.ts'
import { type Applied, noneApplied } from '../server/applied.ts'
import { nothingToUpdate } from '../server/load-checks.ts'
import type { MyColumn, MyTable } from './catalog.ts'
import type { Into } from './into.ts'
import type { Link } from './link.ts'
import { freshId, type Place, placeSql } from './pending.ts'
import { quote } from './sql.ts'
import { databaseType } from './types.ts'

const NUMBER = 'sluice_row'
const INDEX_BYTES = 3072

/**
 * A temporary table that takes the rows of an upsert, update or delete, which statements then apply. Of several rows with one key the
 * last to arrive wins; rows whose key holds NULL match nothing and stand for themselves.
 */
export class Stage {
  readonly into: Into
  private readonly session: Link
  private readonly plan: WritePlan
  private readonly target: string
  private readonly table: MyTable

  constructor(session: Link, plan: WritePlan, table: MyTable, target: string, into: Into) {
    this.session = session
    this.plan = plan
    this.table = table
    this.target = target
    this.into = into
  }

  async apply(): Promise<Applied> {
    const none = noneApplied()
    switch (this.plan.mode) {
      case 'upsert':
        // Not ON DUPLICATE KEY, which would also take a row that clashes on another key for the same row.
        return { ...none, updated: await this.update(), inserted: await this.insert() }
      case 'update':
        if (this.assignable().length === 0) throw nothingToUpdate()
        return { ...none, updated: await this.update() }
      default:
        return {
          ...none,
          deleted: await this.change(`delete t from ${this.target} t join ${this.rows()} s on ${this.match()}`),
        }
    }
  }

  /** Makes room for the next batch. */
  async empty(): Promise<void> {
    await this.change(`delete from ${this.into.table}`)
  }

  /** Temporary tables may be dropped without committing. */
  async drop(): Promise<void> {
    await this.session.script(`drop temporary table ${this.into.table}`)
  }

  private assignable(): string[] {
    const keys = new Set(this.plan.keys.map((key) => key.toLowerCase()))
    return this.plan.columns.map((column) => column.name).filter((name) => !keys.has(name.toLowerCase()))
  }

  private async update(): Promise<number> {
    const set = this.assignable().map((name) => `t.${quote(name)} = s.${quote(name)}`)
    if (set.length === 0) return 0
    return this.change(`update ${this.target} t join ${this.rows()} s on ${this.match()} set ${set.join(', ')}`)
  }

  private async insert(): Promise<number> {
    const names = this.plan.columns.map((column) => quote(column.name))
    const [key] = this.plan.keys
    return this.change(
      `insert into ${this.target} (${names.join(', ')})
       select ${names.map((name) => `s.${name}`).join(', ')} from ${this.rows()} s left join ${this.target} t on ${this.match()}
        where t.${quote(key ?? '')} is null`,
    )
  }

  /** Loading keeps the last row of a key by itself where the key fits an index. */
  private rows(): string {
    if (this.into.replaces || this.plan.mode === 'delete') return this.into.table
    const keys = this.plan.keys.map(quote).join(', ')
    return `(select * from (select *, row_number() over (partition by ${keys} order by ${NUMBER} desc) as sluice_last from ${this.into.table}) n where sluice_last = 1)`
  }

  private match(): string {
    return this.plan.keys.map((key) => `t.${quote(key)} = s.${quote(key)}`).join(' and ')
  }

  private async change(sql: string): Promise<number> {
    return this.session.change(sql, { during: `rows were being loaded into ${this.table.name}` })
  }
}

export async function openStage(session: Link, plan: WritePlan, table: MyTable, place: Place): Promise<Stage> {
  const stage = placeSql({ schema: place.schema, name: `sluice_stage_${freshId()}` })
  const columns = plan.columns.map((column) => ({ column, target: columnNamed(table, column.name) }))
  const replaces = plan.mode !== 'delete' && fitsIndex(plan.keys.map((key) => columnNamed(table, key)))
  const lines = columns.map(({ column, target }) => {
    const type = target?.databaseType ?? databaseType(column.type, session.server) ?? 'longtext'
    return `${quote(column.name)} ${type}${target?.collation ? ` collate ${target.collation}` : ''} null`
  })
  if (replaces) lines.push(`unique key (${plan.keys.map(quote).join(', ')})`)
  else lines.push(`${NUMBER} bigint not null auto_increment primary key`)
  await session.script(`create temporary table ${stage} (${lines.join(', ')}) engine=InnoDB character set utf8mb4`)
  session.touch()
  return new Stage(session, plan, table, placeSql(place), { table: stage, columns, replaces })
}

export const columnNamed = (table: MyTable, name: string) =>
  table.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())

function fitsIndex(columns: readonly (MyColumn | undefined)[]): boolean {
  let bytes = 0
  for (const column of columns) {
    if (!column || /text|blob|json|geometry|point|polygon/.test(column.dataType)) return false
    const length = Number(
      /^\w*char\((\d+)\)/.exec(column.databaseType)?.[1] ?? /^\w*binary\((\d+)\)/.exec(column.databaseType)?.[1] ?? 16,
    )
    bytes += length * (column.collation === null ? 1 : 4)
  }
  return bytes <= INDEX_BYTES
}
