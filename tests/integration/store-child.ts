import { randomUUID } from 'node:crypto'
import { workspaceHome } from '../../src-main/services/home.ts'
import { openVault } from '../../src-main/services/vault.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

/**
 * A process of its own for the tests of the workspace: `store-child.ts <job> [count]`, the workspace in SLUICE_HOME.
 * It says what happened in lines on standard output, and starts when a line comes in, so that several start together.
 */
const [job, count = '0'] = process.argv.slice(2)
const workspace = openWorkspace({ env: process.env })
const say = (line: string) => process.stdout.write(`${line}\n`)

const start = {
  id: randomUUID(),
  pipeline: `run of ${process.pid}`,
  mode: 'deliver' as const,
  dryRun: false,
  params: {},
}

const jobs: Record<string, () => Promise<void>> = {
  async open() {
    await workspace.connections.list()
    await workspace.connections.add(`made by ${process.pid}`, { dialect: 'sqlite', file: '/a.db' }, '/')
  },
  async write() {
    const recorder = workspace.recorder(start)
    const stamp = () => ({ runId: start.id, at: new Date().toISOString() })
    recorder.record({
      ...stamp(),
      type: 'run',
      state: 'running',
      pipeline: start.pipeline,
      mode: 'deliver',
      dryRun: false,
    })
    for (let n = 0; n < Number(count); n++) {
      const counts = { rowsOut: n }
      recorder.record({ ...stamp(), type: 'node', node: `node ${n}`, state: 'running', attempt: 1, counts: {} })
      recorder.record({ ...stamp(), type: 'log', level: 'info', node: `node ${n}`, message: `message ${n}` })
      recorder.record({ ...stamp(), type: 'node', node: `node ${n}`, state: 'completed', attempt: 1, counts })
      const warning = await recorder.flush()
      if (warning) throw new Error(warning)
      say(`${start.id} ${n}`)
    }
    recorder.record({
      ...stamp(),
      type: 'run',
      state: 'completed',
      pipeline: start.pipeline,
      mode: 'deliver',
      dryRun: false,
    })
    const warning = await recorder.flush()
    if (warning) throw new Error(warning)
  },
  async seal() {
    const vault = openVault(workspaceHome(process.env), process.env)
    say(await vault.seal(`sealed by ${process.pid}`, 'test'))
  },
}

process.stdin.once('data', () => {
  const work = jobs[job ?? '']
  if (!work) throw new Error(`no job ${job}`)
  void work()
    .then(() => workspace.close())
    .then(() => process.exit(0))
})
say('ready')
