import type { DatabaseSync } from 'node:sqlite'
import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { nearest } from '../../../shared/nearest.ts'
import type { TableInfo, TableRef, WriteResult } from '../dialect.ts'
import { computedColumn } from '../server/load-checks.ts'
import { declaredFromType, quoteName, quoteNames } from './column-types.ts'
import { table as inspect } from './lane-inspect.ts'
import type { LaneWritePlan, SqlValue } from './protocol.ts'
import { type Bind, binderFor } from './write-bind.ts'

/** A table made ready for the rows of one write. */
export interface Target {
  binders: Bind[]
  /** Puts one row in, as the mode says, and counts it. */
  apply(row: SqlValue[]): void
  /** Removes what only helped the write. */
  close(): void
}

/** Creates, empties or checks the table, and prepares the statements. @throws AppError CONFIG_INVALID, QUERY_* */
export function prepareTarget(database: DatabaseSync, plan: LaneWritePlan, counts: WriteResult): Target {
  checkKeys(plan)
  const existing = inspect(database, plan.table) ?? undefined
  const info = settle(database, plan, existing)
  checkColumns(plan, info)
  const place = placeName(plan.table)
  const declared = new Map(info.columns.map((column) => [column.name.toLowerCase(), column.databaseType]))
  const binders = plan.columns.map((column) => binderFor(column, declared.get(column.name.toLowerCase()) ?? ''))
  const helper = plan.mode === 'update' || plan.mode === 'delete' ? helperIndex(database, plan, info) : undefined
  return {
    binders,
    apply: applier(database, plan, place, counts),
    close: () => {
      if (helper) database.exec(`drop index ${helper}`)
    },
  }
}

const placeName = ({ schema, name }: TableRef) => `${schema ? `${quoteName(schema)}.` : ''}${quoteName(name)}`

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

function checkKeys({ mode, keys, columns, table }: LaneWritePlan): void {
  const missing = keys.filter((key) => !columns.some((column) => same(column.name, key)))
  if (missing.length > 0) {
    throw new AppError(
      'CONFIG_INVALID',
      `Key ${missing.join(', ')} is not among the columns that arrive for ${table.name}.`,
      {
        hint: `Columns that arrive: ${columns.map((column) => column.name).join(', ')}.`,
        at: { field: 'keys' },
      },
    )
  }
  if ((mode === 'upsert' || mode === 'update' || mode === 'delete') && keys.length === 0) {
    throw new AppError('CONFIG_INVALID', `Mode ${mode} of table ${table.name} needs keys to match rows by.`, {
      hint: 'Name the columns that identify a row.',
      at: { field: 'keys' },
    })
  }
  if (mode === 'update' && keys.length === columns.length) {
    throw new AppError('CONFIG_INVALID', `Mode update of table ${table.name} has no columns besides the keys.`, {
      at: { field: 'keys' },
    })
  }
}

/** Brings the table into the state that the mode starts from. */
function settle(database: DatabaseSync, plan: LaneWritePlan, existing: TableInfo | undefined): TableInfo {
  const { mode, table } = plan
  if (existing?.kind === 'view' && mode !== 'append') {
    throw new AppError('CONFIG_INVALID', `${table.name} is a view, not a table.`, { at: { field: 'table' } })
  }
  if (mode === 'fail' && existing) {
    throw new AppError('QUERY_CONFLICT', `Table ${table.name} already exists.`, {
      hint: 'Choose append, replace, truncate or upsert to write into an existing table.',
      at: { field: 'table' },
    })
  }
  if ((mode === 'update' || mode === 'delete') && !existing) {
    throw new AppError('QUERY_MISSING', `There is no table ${table.name} to ${mode} rows in.`, {
      at: { field: 'table' },
    })
  }
  if (existing && mode !== 'replace') {
    if (mode === 'truncate') database.exec(`delete from ${placeName(table)}`)
    if (mode === 'upsert') checkUnique(plan, existing)
    return existing
  }
  if (existing) database.exec(`drop table ${placeName(table)}`)
  database.prepare(createSql(plan)).run()
  const created = inspect(database, table)
  if (!created) throw new AppError('INTERNAL', `Table ${table.name} is missing after it was created.`)
  return created
}

function createSql({ table, columns, keys, types }: LaneWritePlan): string {
  const lines = columns.map((column) => {
    const type = types[column.name] ?? declaredFromType(column.type)
    if (!/^[a-z_][\w ]*(?:\(\s*\d+\s*(?:,\s*\d+\s*)?\)[\w ]*)?$/i.test(type)) {
      throw new AppError('CONFIG_INVALID', `"${type}" is not a type for column ${column.name}.`, {
        at: { field: 'types' },
      })
    }
    return `${quoteName(column.name)} ${type}${keys.some((key) => same(key, column.name)) ? ' NOT NULL' : ''}`
  })
  if (keys.length > 0) lines.push(`PRIMARY KEY (${keys.map(quoteName).join(', ')})`)
  return `create table ${placeName(table)} (${lines.join(', ')})`
}

function checkUnique({ keys, table }: LaneWritePlan, info: TableInfo): void {
  const wanted = keys.map((key) => key.toLowerCase()).sort()
  const found = info.keys.some((key) => {
    const names = key.map((name) => name.toLowerCase()).sort()
    return names.length === wanted.length && names.every((name, index) => name === wanted[index])
  })
  if (found) return
  throw new AppError('CONFIG_INVALID', `Table ${table.name} has no unique key on ${keys.join(', ')} to upsert by.`, {
    hint: `Run: create unique index ${quoteName(`${table.name}_${keys.join('_')}`)} on ${quoteName(table.name)} (${keys.map(quoteName).join(', ')})`,
    at: { field: 'keys' },
  })
}

function checkColumns({ columns, table, mode, keys }: LaneWritePlan, info: TableInfo): void {
  const isKey = (column: { name: string }) => keys.some((key) => same(key, column.name))
  const used = mode === 'delete' ? columns.filter(isKey) : columns
  const written = mode === 'update' || mode === 'delete' ? used.filter((column) => !isKey(column)) : used
  for (const { name } of written) {
    if (info.columns.some((known) => known.generated && same(known.name, name))) throw computedColumn(table.name, name)
  }
  const missing = used.filter((column) => !info.columns.some((known) => same(known.name, column.name)))
  if (missing.length === 0) return
  const names = missing.map((column) => column.name).join(', ')
  const known = info.columns.map((column) => column.name)
  const near = [...new Set(missing.flatMap((column) => nearest(column.name, known) ?? []))]
  throw new AppError('QUERY_MISSING', `Table ${table.name} has no column ${names}.`, {
    hint: `${near.length > 0 ? `Nearest: ${near.join(', ')}` : `It has ${known.join(', ')}`}. Rename or drop the columns before the load, or choose mode replace.`,
    at: { field: 'table' },
  })
}

/** Matching rows by columns without an index would scan the table once per row that arrives. */
function helperIndex(database: DatabaseSync, { table, keys }: LaneWritePlan, info: TableInfo): string | undefined {
  const indexed = info.keys.some((key) => key.every((name) => keys.some((wanted) => same(wanted, name))))
  if (indexed) return undefined
  const name = `${table.schema ? `${quoteName(table.schema)}.` : ''}${quoteName(`sluice_match_${table.name}`)}`
  database.exec(`create index ${name} on ${quoteName(table.name)} (${keys.map(quoteName).join(', ')})`)
  return name
}

function applier(
  database: DatabaseSync,
  { mode, columns, keys }: LaneWritePlan,
  place: string,
  counts: WriteResult,
): (row: SqlValue[]) => void {
  const isKey = (column: Column) => keys.some((key) => same(key, column.name))
  const keyAt = keys.map((key) => columns.findIndex((column) => same(column.name, key)))
  const restAt = columns.flatMap((column, index) => (isKey(column) ? [] : [index]))
  const pick = (row: SqlValue[], places: number[]) => places.map((index) => row[index] ?? null)
  const match = keys.map((key) => `${quoteName(key)} = ?`).join(' and ')
  const assign = restAt.map((index) => `${quoteName(columns[index]?.name ?? '')} = ?`).join(', ')
  const insertSql = `insert into ${place} (${quoteNames(columns)}) values (${columns.map(() => '?').join(', ')})`

  if (mode === 'delete') {
    const statement = database.prepare(`delete from ${place} where ${match}`)
    return (row) => {
      counts.deleted += Number(statement.run(...pick(row, keyAt)).changes)
    }
  }
  if (mode === 'update') {
    const statement = database.prepare(`update ${place} set ${assign} where ${match}`)
    return (row) => {
      counts.updated += Number(statement.run(...pick(row, restAt), ...pick(row, keyAt)).changes)
    }
  }
  if (mode === 'upsert') {
    const insert = database.prepare(`${insertSql} on conflict (${keys.map(quoteName).join(', ')}) do nothing`)
    const update = restAt.length > 0 ? database.prepare(`update ${place} set ${assign} where ${match}`) : undefined
    return (row) => {
      if (Number(insert.run(...row).changes) > 0) counts.inserted++
      else if (update) counts.updated += Number(update.run(...pick(row, restAt), ...pick(row, keyAt)).changes)
    }
  }
  const insert = database.prepare(insertSql)
  return (row) => {
    counts.inserted += Number(insert.run(...row).changes)
  }
}
