import { connectionConfig } from '../../../shared/connections.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { pipelineSchema } from '../../../shared/pipeline/schema.ts'
import { loadDialect } from '../../../src-main/dialects/index.ts'
import { defaultLimits, runPipeline } from '../../../src-main/engine/index.ts'

/**
 * A process that runs one pipeline: `{ folder, pipeline, connections, mode }` as its argument; prints a line for every progress event,
 * and at the end `done` with the run's state and error.
 */
const { folder, pipeline, connections, mode = 'deliver' } = JSON.parse(process.argv[2] ?? '{}')
const outcome = await runPipeline({
  runId: 'killed',
  pipeline: pipelineSchema.parse(pipeline),
  registry,
  mode,
  dryRun: false,
  earlier: { kept: [], completed: [], resume: false },
  runsFolder: `${folder}/runs`,
  folder,
  params: {},
  signal: new AbortController().signal,
  limits: defaultLimits,
  connect: async (name) => {
    const config = connectionConfig.parse(connections[name])
    return (await loadDialect(config.dialect)).open(config, folder)
  },
  secret: () => Promise.reject(new Error('none')),
  onEvent(event) {
    if (event.type === 'progress') process.stdout.write(`${JSON.stringify(event.nodes)}\n`)
  },
})
process.stdout.write(`done ${JSON.stringify({ state: outcome.state, error: outcome.error })}\n`)
