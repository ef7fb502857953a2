import type { NodeDefinition } from '../../../shared/nodes/define.ts'
import type { Executor, RowsExecutor, SinkExecutor } from '../executors.ts'
import type { SourceExecutor } from '../node-context.ts'

/**
 * Executors of the kinds that touch the outside, loaded when first used. An executor is typed by its kind's own config; here that type
 * is forgotten, which is sound because the planner parses every config with the kind's schema before an executor sees it.
 */
const source = <C>(piped: boolean, load: () => Promise<SourceExecutor<C>>): Executor => ({
  role: 'source',
  piped,
  load: load as () => Promise<SourceExecutor<unknown>>,
})
const sink = <C>(reads: 'once' | 'many', load: () => Promise<SinkExecutor<C>>): Executor => ({
  role: 'sink',
  reads,
  load: load as () => Promise<SinkExecutor<unknown>>,
})

const executors: Record<string, Executor> = {
  query: source(true, async () => (await import('./query.ts')).querySource),
  table: source(true, async () => (await import('./table.ts')).tableSource),
  rows: source(true, async () => (await import('./rows.ts')).rowsSource),
  http: source(true, async () => (await import('./http.ts')).httpSource),
  file: source(false, async () => (await import('./file.ts')).fileSource),
  code: { role: 'rows', load: async () => (await import('./code.ts')).codeTransform as RowsExecutor<unknown> },
  load: sink('once', async () => (await import('./load.ts')).loadSink),
  execute: sink('once', async () => (await import('./execute.ts')).executeSink),
  'write-file': sink('once', async () => (await import('./write-file.ts')).writeFileSink),
  assert: { role: 'gate', load: async () => (await import('./assert.ts')).assertGate as SinkExecutor<unknown> },
}

/** The executor of a kind; undefined for transforms, which are SQL. */
export function executorOf(definition: NodeDefinition): Executor | undefined {
  return executors[definition.kind]
}
