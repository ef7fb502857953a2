import type { DialectId } from '../../../shared/connections.ts'
import type { Column } from '../../../shared/data/types.ts'
import { encodeRow, type Row } from '../../../shared/data/wire.ts'
import { isQuery } from '../../../shared/sql/statements.ts'
import type { BoundValue, Reader, Session } from '../../dialects/dialect.ts'
import type { QueryName, QueryRows, RowLimits } from './rows.ts'

export interface StatementRun {
  session: Session
  dialect: DialectId
  sql: string
  params: Record<string, BoundValue>
  name: QueryName
  rows: QueryRows
  limits: RowLimits
  signal: AbortSignal
  onFirst(columns: Column[]): void
  onProgress(rows: number): void
}

export interface StatementResult {
  /** How many it gave; null when it is no statement that gives rows. */
  rows: number | null
  affected: number | null
}

/** Milliseconds between two words about how far it is. */
const interval = 200

/** Runs one statement, once. Queries are streamed into a file; what else gives rows (RETURNING, SHOW, EXPLAIN) is taken whole. */
export async function runStatement(run: StatementRun): Promise<StatementResult> {
  const { session, dialect, sql, params } = run
  if (isQuery(sql, dialect)) {
    const reader = session.read({ sql, params })
    const columns = await reader.columns()
    if (columns.length > 0) return { rows: await stream(run, reader, columns), affected: null }
  }
  const { columns, rows, affected } = await session.execute({ sql, params })
  if (columns.length === 0) return { rows: null, affected }
  const { name, limits, signal, onFirst } = run
  await run.rows.keep({ name, columns, bytes: encoded(rows, columns), limits, signal, onFirst })
  return { rows: rows.length, affected }
}

async function stream(run: StatementRun, reader: Reader, columns: Column[]): Promise<number> {
  const { name, limits, signal, onFirst, onProgress } = run
  const told = setInterval(() => onProgress(reader.rowsRead), interval)
  try {
    const bytes = reader.bytes({ lists: 'json' })
    return await run.rows.keep({ name, columns, bytes, limits, signal, onFirst })
  } finally {
    clearInterval(told)
  }
}

/** Rows of a piece on the wire. */
const together = 1000

async function* encoded(rows: readonly Row[], columns: readonly Column[]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < rows.length; at += together) {
    const lines = rows.slice(at, at + together).map((row) => encodeRow(row, columns))
    yield Buffer.from(lines.join(''), 'utf8')
  }
}
