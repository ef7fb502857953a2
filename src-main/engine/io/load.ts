import { type Column, uniqueNames } from '../../../shared/data/types.ts'
import { encodeRow } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { nearestFew } from '../../../shared/nearest.ts'
import type { LoadConfig } from '../../../shared/nodes/load.ts'
import { parseTableName } from '../../../shared/sql/names.ts'
import type { Session, WritePlan, WriteResult } from '../../dialects/dialect.ts'
import type { SinkExecutor } from '../executors.ts'
import type { NodeContext, NodeInput, RowStream } from '../node-context.ts'

export const loadSink: SinkExecutor<LoadConfig> = {
  reads: 'once',

  async check(context, input) {
    parseTableName(context.config.table)
    if (input) tableColumns(context.config, input)
  },

  async run(context, input, tools) {
    if (!input) throw new AppError('GRAPH_PORT', 'A load needs rows.')
    const rejects = collectRejects(input.columns)
    const { session, shared, undo, settle, done } = await tools.writeSession(context.config.connection)
    try {
      if (!shared) await session.begin()
      const restart = async () => {
        await undo()
        if (!shared) await session.begin()
      }
      const result = await write(context, input, session, rejects.add, restart)
      await settle()
      const { received: rowsIn, ...changes } = result
      return { counts: { rowsIn, ...changes }, outputs: { rejects: rejects.rows() } }
    } catch (error) {
      await undo()
      throw error
    } finally {
      await done()
    }
  },
}

async function write(
  context: NodeContext<LoadConfig>,
  input: NodeInput,
  session: Session,
  onReject: (row: string, reason: string) => void,
  restart: () => Promise<void>,
): Promise<WriteResult> {
  const { config } = context
  const database = await context.connect(config.connection)
  const plan: WritePlan = {
    table: parseTableName(config.table),
    mode: config.mode,
    columns: tableColumns(config, input.columns),
    keys: config.keys,
    types: config.types,
    batchSize: config.batchSize,
    maxRejects: config.maxRejects,
    beside: context.beside?.includes(config.connection) === true,
    onReject,
  }
  const verbatim = database.dialect.verbatim && config.maxRejects === 0 ? input.verbatim?.() : undefined
  if (verbatim) {
    try {
      return await fill(session, { ...plan, verbatim: true }, verbatim)
    } catch (error) {
      // Whatever is wrong with a value is said better, with its place in the file, by the engine; or it can read what others cannot.
      if (context.signal.aborted || !(error instanceof AppError && error.code.startsWith('DATA_'))) throw error
      await restart()
    }
  }
  return fill(session, plan, input.bytes(database.dialect.wire))
}

async function fill(session: Session, plan: WritePlan, rows: AsyncIterable<Uint8Array>): Promise<WriteResult> {
  const writer = await session.write(plan)
  try {
    for await (const piece of rows) await writer.write(piece)
    return await writer.finish()
  } catch (error) {
    await writer.abort().catch(() => undefined)
    throw error
  }
}

/** The arriving columns under their names in the table. @throws AppError CONFIG_COLUMN */
function tableColumns(config: LoadConfig, arriving: readonly Column[]): Column[] {
  const names = arriving.map((column) => column.name)
  const renamed = config.columns ?? {}
  for (const name of Object.keys(renamed)) {
    if (!names.includes(name)) throw missing(name, names, 'columns')
  }
  const columns = arriving.map((column) => ({ ...column, name: renamed[column.name] ?? column.name }))
  const inTable = columns.map((column) => column.name)
  const twice = inTable.find((name, index) => inTable.indexOf(name) < index)
  if (twice !== undefined) {
    const from = columns.flatMap(({ name }, index) => (name === twice ? (names[index] ?? []) : []))
    throw new AppError(
      'CONFIG_INVALID',
      `The columns ${from.join(' and ')} would both go to the column ${twice} of the table.`,
      {
        hint: 'Leave one of them out before, with a select node, or give it another name.',
        at: { field: 'columns' },
      },
    )
  }
  for (const key of config.keys) {
    if (!inTable.includes(key)) throw missing(key, inTable, 'keys')
  }
  for (const name of Object.keys(config.types)) {
    if (!inTable.includes(name)) throw missing(name, inTable, 'types')
  }
  return columns
}

function missing(name: string, names: readonly string[], field: string): AppError {
  const near = nearestFew(name, names)
  return new AppError('CONFIG_COLUMN', `The column ${name} does not arrive at the load.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Columns that arrive: ${names.join(', ')}.`,
    at: { field },
  })
}

/** Refused rows are few by definition (`maxRejects`), so they wait in memory. */
function collectRejects(columns: readonly Column[]) {
  const reason: Column[] = [{ name: 'reject_reason', type: { kind: 'text' } }]
  const lines: string[] = []
  return {
    add(row: string, why: string) {
      lines.push(`${row.replace(/\r?\n$/, '')},${encodeRow([why], reason)}`)
    },
    rows(): RowStream {
      return {
        columns: uniqueNames([...columns, ...reason]),
        async *bytes() {
          yield new TextEncoder().encode(lines.join(''))
        },
        rowsRead: lines.length,
      }
    },
  }
}
