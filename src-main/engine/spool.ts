import { rm } from 'node:fs/promises'
import { isLoose } from '../../shared/data/kinds.ts'
import type { Column } from '../../shared/data/types.ts'
import { typedRow, WireReader } from '../../shared/data/wire-reader.ts'
import { toAppError } from '../../shared/errors.ts'
import { type Sample, sampleSize } from './attempt.ts'
import { feed, whilePumped } from './duck/pipes.ts'
import { Duck } from './duck/session.ts'
import { selectFromWire } from './duck/wire.ts'
import { rawError, wireError } from './duck/wire-errors.ts'
import type { KeptOutput } from './scope.ts'

export interface SpoolRequest {
  /** With names that are unique. At least one. */
  columns: Column[]
  /** The rows on the wire, lists as JSON. */
  bytes: AsyncIterable<Uint8Array>
  /** The DuckDB file to be made. */
  file: string
  /** A folder for pipes. */
  scratch: string
  /** A folder for rows that do not fit into memory before they are written. */
  spill: string
  memoryMb: number
  signal: AbortSignal
  /** Told of the first rows as they arrive, and again until there are enough of them. */
  onSample(sample: Sample): void
}

const table = 'rows'
/** What the fields of the rows are called in the engine. */
const prefix = 'f0'

/**
 * Keeps rows in a file of their own, however many, in flat memory; they can then be read as those of a node are.
 * @throws AppError as the bytes do; LIMIT_DISK, RUN_CANCELLED. Nothing is left then
 */
export async function spoolRows(request: SpoolRequest): Promise<Omit<KeptOutput, 'node' | 'port' | 'fingerprint'>> {
  const { columns, file, scratch, spill, memoryMb, signal } = request
  const source = started(sampled(request))
  const failure: { error?: unknown } = {}
  const bytes = watched(source, failure)
  let duck: Duck | undefined
  const pipe = await feed(scratch, bytes)
  try {
    await rm(file, { force: true })
    const options = { memoryMb, threads: 2, spill }
    duck = await Duck.open({ ...options, file, folders: [scratch], files: [], attach: [] })
    const session = await duck.connect({}, signal)
    const fill = `CREATE TABLE ${table} AS ${selectFromWire(pipe.path, columns.map(asKept), prefix, { toTable: true })}`
    await whilePumped([(done) => pipe.pump(done)], () => session.run(fill))
    if (failure.error !== undefined) throw failure.error
    const rows = await session.number(`SELECT count(*) FROM ${table}`)
    session.close()
    return { file, table, columns, rows }
  } catch (error) {
    duck?.close()
    duck = undefined
    await rm(file, { force: true })
    await rm(`${file}.wal`, { force: true })
    // What ended the rows comes first: the engine only sees them end early.
    throw toAppError(failure.error ?? wireError(rawError(error), [{ prefix, columns }]) ?? error)
  } finally {
    duck?.close()
    await source.return(undefined).catch(() => undefined)
    await pipe.dispose()
  }
}

/** Decimals of any number of digits stay the text they are; see results/text.ts. */
const asKept = (column: Column): Column => (isLoose(column.type) ? { ...column, type: { kind: 'text' } } : column)

/** Asks for the first piece at once: the database works while the engine is opened. */
function started(bytes: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const first = bytes.next()
  first.catch(() => undefined)
  return (async function* () {
    try {
      const piece = await first
      if (piece.done) return
      yield piece.value
      yield* bytes
    } finally {
      await bytes.return(undefined)
    }
  })()
}

async function* watched(bytes: AsyncIterable<Uint8Array>, failure: { error?: unknown }): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } catch (error) {
    failure.error = error
    throw error
  }
}

async function* sampled({ bytes, columns, onSample }: SpoolRequest): AsyncGenerator<Uint8Array> {
  const reader = new WireReader()
  const rows: Sample['rows'] = []
  for await (const piece of bytes) {
    if (rows.length < sampleSize) {
      const fields = reader.pushBytes(piece).slice(0, sampleSize - rows.length)
      if (fields.length > 0) {
        rows.push(...fields.map((row) => typedRow(row, columns)))
        onSample({ columns, rows: [...rows] })
      }
    }
    yield piece
  }
  if (rows.length === 0) onSample({ columns, rows })
}
