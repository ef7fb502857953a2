import { once } from 'node:events'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Column, formatType, uniqueNames } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { typeFromDeclared } from './column-types.ts'
import { mapError } from './errors.ts'
import { lines, Refusal } from './lane-lines.ts'
import { takeSample } from './lane-probe.ts'
import type { Calls, Prepared, ReadEnd, SqlParams } from './protocol.ts'
import { wireSql } from './wire-sql.ts'

const REPORT_MS = 200

/** Compiles a statement and tells its output columns, without running it. */
export function prepare(database: DatabaseSync, sql: string, params: SqlParams): Prepared {
  const outputs = compile(database, sql).columns()
  const declared = outputs.map((output) => typeFromDeclared(output.type))
  const columns = uniqueNames(
    outputs.map((output, index): Column => ({ name: output.name, type: declared[index] ?? { kind: 'text' } })),
  )
  const direct = outputs.every((output) => output.column !== null)
  const wrappable = columns.length > 0 && canWrap(database, wireSql(sql, columns, direct))
  const prepared = { columns, direct, wrappable }
  if (!wrappable || declared.every((type) => type !== undefined)) return prepared
  const sample = takeSample(
    database,
    sql,
    params,
    declared.map((type) => type === undefined),
  )
  return { ...prepared, sample }
}

/** @throws AppError QUERY_* */
export function compile(database: DatabaseSync, sql: string): StatementSync {
  try {
    return database.prepare(sql)
  } catch (thrown) {
    throw mapError(thrown, sql)
  }
}

function canWrap(database: DatabaseSync, sql: string): boolean {
  try {
    database.prepare(sql)
    return true
  } catch {
    return false
  }
}

interface PumpControl {
  stopped(): boolean
  rows(count: number): void
}

/** Runs a query and writes its rows as wire lines to standard output, as fast as they are taken. */
export async function pump(
  database: DatabaseSync,
  { sql, params, columns, direct }: Calls['read']['args'],
  control: PumpControl,
): Promise<ReadEnd> {
  const statement = database.prepare(wireSql(sql, columns, direct))
  let bytes = 0
  let reported = performance.now()
  const flush = async () => {
    const piece = lines.piece()
    bytes += piece.length
    if (piece.length > 0 && !process.stdout.write(piece)) await once(process.stdout, 'drain')
    if (performance.now() - reported > REPORT_MS) {
      control.rows(lines.count)
      reported = performance.now()
    }
    // Lets a request to stop be heard.
    await new Promise((resolve) => setImmediate(resolve))
  }
  lines.start()
  try {
    for (const _ of statement.iterate(params)) {
      await flush()
      if (control.stopped()) break
    }
    if (!control.stopped()) await flush()
    return { rows: lines.count, bytes }
  } catch (thrown) {
    const error = thrown instanceof Refusal ? unfit(thrown, columns, lines.count) : mapError(thrown, sql)
    return { rows: lines.count, bytes, error: error.toJSON() }
  }
}

function unfit({ column: index, value }: Refusal, columns: readonly Column[], rowsBefore: number): AppError {
  const column = columns[index]
  const name = column?.name ?? `number ${index + 1}`
  const type = column === undefined ? 'its type' : formatType(column.type)
  return new AppError(
    'DATA_TYPE',
    `Row ${rowsBefore + 1}, column ${name}: ${describeValue(value)} is not a value of type ${type}.`,
    {
      hint: `Convert it in the SQL of a query node (a table node cannot), for instance cast("${name}" as text) or nullif("${name}", '').`,
    },
  )
}

function describeValue(value: unknown): string {
  if (value instanceof Uint8Array) return `a blob of ${value.length} bytes`
  if (typeof value === 'string') return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`
  return `the number ${String(value)}`
}
