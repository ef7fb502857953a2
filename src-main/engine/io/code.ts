import type { Column } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { typedBatches } from '../../../shared/data/wire-reader.ts'
import { AppError } from '../../../shared/errors.ts'
import type { CodeConfig } from '../../../shared/nodes/code.ts'
import { columnsOf } from '../../../shared/nodes/column-spec.ts'
import type { RowsExecutor } from '../executors.ts'
import type { NodeContext, NodeInput } from '../node-context.ts'
import { intoSandbox, outOfSandbox } from './code/cells.ts'
import { lineStart } from './code/lines.ts'
import type { SandboxReply } from './code/protocol.ts'
import { SandboxThread } from './code/thread.ts'
import { throwIfStopped } from './stop.ts'
import { wireBytes } from './wire-out.ts'

const batchRows = 1000

/**
 * JavaScript over rows. One batch is at work in the sandbox while the next is read, so memory stays flat and neither side
 * waits for the other.
 */
export const codeTransform: RowsExecutor<CodeConfig> = {
  async columns({ config }, input) {
    const { checkSyntax } = await import('./code/syntax.ts')
    await checkSyntax(config.code)
    return outputColumns(config, input)
  },

  async open(context, input) {
    throwIfStopped(context.signal)
    const columns = outputColumns(context.config, input.columns)
    const sandbox = sandboxOf(context, input.columns, columns)
    // Waited for before any rows flow: the thread loads its files through the same few helper threads that pipes block.
    const started = await sandbox.call({ call: 'start' })
    let rowsRead = 0
    return {
      columns,
      bytes: (format) =>
        wireBytes(transformed(context, input, columns, sandbox, started), columns, format, (count) => {
          rowsRead += count
        }),
      get rowsRead() {
        return rowsRead
      },
    }
  },
}

const outputColumns = (config: CodeConfig, input: Column[]) => (config.columns ? columnsOf(config.columns) : input)

function sandboxOf(
  { config, params, signal }: NodeContext<CodeConfig>,
  input: Column[],
  output: Column[],
): SandboxThread {
  const named = Object.entries(params)
  const options = {
    code: config.code,
    input,
    output,
    params: {
      types: Object.fromEntries(named.map(([name, bound]) => [name, bound.type])),
      values: Object.fromEntries(named.map(([name, bound]) => [name, intoSandbox(bound.value)])),
    },
    memoryMb: config.memoryMb,
    batchSeconds: config.batchSeconds,
  }
  return new SandboxThread(options, signal)
}

async function* transformed(
  context: NodeContext<CodeConfig>,
  input: NodeInput,
  columns: Column[],
  sandbox: SandboxThread,
  started: SandboxReply,
): AsyncGenerator<Row> {
  using thread = sandbox
  let ahead = Promise.resolve(started)
  let first = 0
  for await (const batch of typedBatches(input.bytes({ lists: 'json' }), input.columns, batchRows)) {
    const next = thread.call({ call: 'rows', rows: JSON.stringify(batch.map((row) => row.map(intoSandbox))), first })
    first += batch.length
    yield* rowsOf(await ahead, columns, context)
    ahead = next
  }
  const last = thread.call({ call: 'end' })
  yield* rowsOf(await ahead, columns, context)
  yield* rowsOf(await last, columns, context)
}

function rowsOf(reply: SandboxReply, columns: Column[], context: NodeContext<CodeConfig>): Row[] {
  for (const line of reply.logs) context.log('info', line)
  if (reply.failure === undefined) return outOfSandbox(reply.rows ?? '[]', columns)
  const { code, message, hint, line } = reply.failure
  throw new AppError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    at: { field: 'code', ...(line === undefined ? {} : { position: lineStart(context.config.code, line) }) },
  })
}
