import { isMoment } from '../../../shared/data/kinds.ts'
import type { Column, ScalarKind } from '../../../shared/data/types.ts'
import { encodeRow, type Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import { givesSeveral, isQuery } from '../../../shared/sql/statements.ts'
import type { BoundValue, Reader, ResultTable, Session } from '../../dialects/dialect.ts'
import { OddValue } from '../../dialects/odd-value.ts'
import type { Sample } from '../live-runs.ts'
import type { QueryName, QueryRows, RowLimits } from './rows.ts'

export interface StatementRun {
  session: Pick<Session, 'read' | 'execute' | 'results'>
  dialect: SqlDialect
  sql: string
  params: Record<string, BoundValue>
  name: QueryName
  rows: QueryRows
  limits: RowLimits
  signal: AbortSignal
  onFirst(sample: Sample): void
  onProgress(rows: number): void
  /** It gives one more result, after what the one before became. @returns the name that its rows are kept by */
  onFurther(before: StatementResult): QueryName
}

export interface StatementResult {
  /** How many it gave; null when it is no statement that gives rows. */
  rows: number | null
  affected: number | null
  /** Something to know about the rows. */
  note?: string
}

/** Milliseconds between two words about how far it is. */
const interval = 200
/** Results of one statement that are shown; a loop in a procedure may give very many. */
const maxResults = 100

/** Runs one statement, once. Queries and the results of procedures are streamed into a file; what else gives rows (RETURNING, SHOW, EXPLAIN) is taken whole. */
export async function runStatement(run: StatementRun): Promise<StatementResult> {
  const { session, dialect, sql, params } = run
  if (isQuery(sql, dialect)) {
    const reader = session.read({ sql, params })
    const columns = await reader.columns()
    if (columns.length > 0) return { ...(await streamed(run, reader, columns)), affected: null }
  }
  if (session.results && givesSeveral(sql, dialect)) return several(run, session.results({ sql, params }))
  const { columns, rows, affected } = await session.execute({ sql, params })
  if (columns.length === 0) return { rows: null, affected }
  await keep(run, run.name, columns, encoded(rows, columns), { rowsRead: rows.length })
  return { rows: rows.length, affected }
}

async function several(run: StatementRun, tables: AsyncIterable<ResultTable>): Promise<StatementResult> {
  let { name } = run
  let last: StatementResult | undefined
  let shown = 0
  let leftOut = 0
  for await (const table of tables) {
    if (shown++ >= maxResults) {
      leftOut++
      continue
    }
    if (last) name = run.onFurther(last)
    last = { rows: await keep(run, name, table.columns, table.bytes, table), affected: null }
  }
  const more = leftOut === 1 ? 'One more result was' : `${leftOut} more results were`
  return {
    ...(last ?? { rows: null, affected: null }),
    ...(leftOut > 0 && { note: `${more} given, beyond the ${maxResults} that are shown.` }),
  }
}

/** Databases keep values in columns of other types: SQLite any, MySQL some. Where they do not fit, the rows are read anew, as they are. */
async function streamed(
  run: StatementRun,
  reader: Reader,
  columns: Column[],
): Promise<{ rows: number; note?: string }> {
  try {
    return { rows: await stream(run, reader, columns) }
  } catch (error) {
    if (error instanceof OddValue && !run.signal.aborted) return plainly(run, [error])
    if (!(error instanceof AppError) || error.code !== 'DATA_TYPE' || run.signal.aborted) throw error
    const foreign = foreignIn(run.dialect)
    if (!columns.some(foreign)) throw error
    const { session, sql, params } = run
    const names = columns.map((_, index) => `c${index}`)
    const fields = columns.map((column, index) => {
      const value = foreign(column) ? textOf(`c${index}`, run.dialect) : `c${index}`
      return `${value} as ${quoteName(column.name)}`
    })
    const asText = `with q(${names.join(', ')}) as (\n${sql}\n) select ${fields.join(', ')} from q`
    const again = session.read({ sql: asText, params })
    const rows = await stream(run, again, await again.columns())
    const shown = run.dialect === 'sqlite' ? 'All columns' : 'Decimals, lists, dates and times'
    return { rows, note: `${shown} are shown as text: ${error.message}` }
  }
}

/** Columns whose values may be none of their type: in SQLite all; in Postgres NaN, lists of more dimensions and times that are too far away. */
function foreignIn(dialect: SqlDialect): (column: Column) => boolean {
  if (dialect === 'sqlite') return () => true
  return ({ type }) => dialect === 'postgres' && (type.kind === 'list' || type.kind === 'decimal' || isMoment(type))
}

/** A value as the database writes it; SQLite would take the bytes of a blob for those of a text. */
function textOf(value: string, dialect: SqlDialect): string {
  const text = `cast(${value} as text)`
  if (dialect !== 'sqlite') return text
  const real = `case ${value} when 9e999 then 'Infinity' when -9e999 then '-Infinity' else ${text} end`
  return `case typeof(${value}) when 'blob' then '\\x' || lower(hex(${value})) when 'real' then ${real} else ${text} end`
}

const shownAs: Partial<Record<ScalarKind, string>> = {
  boolean: 'Booleans are shown as numbers',
  time: 'Times are shown as text',
}

/** Reads the rows anew, with all columns of the odd values' kinds as the database writes them. */
async function plainly(run: StatementRun, odd: readonly OddValue[]): Promise<{ rows: number; note?: string }> {
  const { session, sql, params } = run
  const plain = odd.map(({ kind }) => kind)
  const reader = session.read({ sql, params }, { plain })
  try {
    const rows = await stream(run, reader, await reader.columns())
    const notes = odd.map(({ kind, message }) => `${shownAs[kind] ?? 'Dates are shown as text'}: ${message}`)
    return { rows, note: notes.join(' ') }
  } catch (error) {
    if (!(error instanceof OddValue) || plain.includes(error.kind) || run.signal.aborted) throw error
    return plainly(run, [...odd, error])
  }
}

const stream = (run: StatementRun, reader: Reader, columns: Column[]): Promise<number> =>
  keep(run, run.name, columns, reader.bytes({ lists: 'json' }), reader)

async function keep(
  run: StatementRun,
  name: QueryName,
  columns: Column[],
  bytes: AsyncIterable<Uint8Array>,
  source: Pick<Reader, 'rowsRead'>,
): Promise<number> {
  const { limits, signal, onFirst, onProgress } = run
  const told = setInterval(() => onProgress(source.rowsRead), interval)
  try {
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
