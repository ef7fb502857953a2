import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { type Column, type ColumnType, uniqueNames } from '../../../shared/data/types.ts'
import { type Cell, parseCell, type Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { firstWord, isQuery } from '../../../shared/sql/statements.ts'
import { typeFromDeclared } from './column-types.ts'
import { mapError } from './errors.ts'
import { compile } from './lane-read.ts'
import type { Executed, SqlParams } from './protocol.ts'

/** Runs one statement and returns its rows whole. */
export function execute(database: DatabaseSync, sql: string, params: SqlParams): Executed {
  const statement = compile(database, sql)
  const outputs = statement.columns()
  const before = changes(database).total
  const affected = () => {
    if (!changesRows(sql)) return null
    const { last, total } = changes(database)
    // What changed last may have been another statement's doing.
    return total === before ? 0 : last
  }
  try {
    if (outputs.length === 0) {
      statement.run(params)
      return { affected: affected(), columns: [], rows: [], inTransaction: database.isTransaction }
    }
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    const values = statement.all(params).map((row) => (Array.isArray(row) ? row : Object.values(row)))
    const types = outputs.map((output, index) => columnType(typeFromDeclared(output.type), values, index))
    const columns = uniqueNames(
      outputs.map((output, index): Column => ({ name: output.name, type: types[index] ?? { kind: 'text' } })),
    )
    const rows = values.map((row): Row => columns.map((column, index) => cellOf(row[index] ?? null, column.type)))
    return { affected: affected(), columns, rows, inTransaction: database.isTransaction }
  } catch (thrown) {
    throw mapError(thrown, sql)
  }
}

/** Whether it says how many rows it changed, be it none. */
const changesRows = (sql: string) =>
  /^(insert|update|delete|replace|with)$/.test(firstWord(sql, 'sqlite')) && !isQuery(sql, 'sqlite')

function changes(database: DatabaseSync): { last: number; total: number } {
  const row = database.prepare('select changes() as last, total_changes() as total').get()
  return { last: Number(row?.last), total: Number(row?.total) }
}

/** Runs one statement once per row of values. Returns the rows changed in all. */
export function executeMany(database: DatabaseSync, sql: string, rows: SqlParams[], before: number): number {
  const statement = compile(database, sql)
  let changed = 0
  for (const [index, row] of rows.entries()) {
    try {
      changed += Number(statement.run(row).changes)
    } catch (thrown) {
      const error = mapError(thrown, sql)
      throw new AppError(error.code, `Row of values ${before + index + 1}: ${error.message}`, {
        ...error,
        cause: thrown,
      })
    }
  }
  return changed
}

/** The declared type, if every value fits it, else what the values have in common. */
function columnType(declared: ColumnType | undefined, rows: SQLOutputValue[][], index: number): ColumnType {
  const values = rows.map((row) => row[index] ?? null).filter((value) => value !== null)
  if (declared && values.every((value) => fits(value, declared))) return declared
  if (values.length > 0 && values.every((value) => typeof value === 'bigint')) return { kind: 'int64' }
  if (values.length > 0 && values.every((value) => typeof value === 'bigint' || typeof value === 'number'))
    return { kind: 'float64' }
  return { kind: values.length > 0 && values.every((value) => value instanceof Uint8Array) ? 'blob' : 'text' }
}

function fits(value: SQLOutputValue, type: ColumnType): boolean {
  try {
    cellOf(value, type)
    return true
  } catch {
    return false
  }
}

/** A value as SQLite holds it, as a cell of the type. @throws AppError DATA_TYPE */
function cellOf(value: SQLOutputValue, type: ColumnType): Cell {
  if (value === null) return null
  if (value instanceof Uint8Array) {
    if (type.kind === 'blob') return value
    throw new AppError('DATA_TYPE', `A blob of ${value.length} bytes is not a value of type ${type.kind}.`)
  }
  if (type.kind === 'decimal' && typeof value !== 'string' && type.precision !== undefined)
    return typeof value === 'number' ? value.toFixed(type.scale ?? 0) : exactScale(value, type.scale ?? 0)
  if (type.kind === 'blob') throw new AppError('DATA_TYPE', 'A value that is not a blob was found in a blob column.')
  return parseCell(String(value), type)
}

const exactScale = (value: bigint, scale: number) => (scale === 0 ? `${value}` : `${value}.${'0'.repeat(scale)}`)
