import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { CliSandbox } from '../helpers/cli.ts'
import { dist } from '../helpers/dist.ts'

const program = join(dist, 'main', 'cli.js')
const run = promisify(execFile)
// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox

beforeAll(async () => {
  cli = await CliSandbox.create()
})
afterAll(() => cli.remove())

test('the built program runs: rows through the embedded engine into SQLite and back', async () => {
  new DatabaseSync(cli.path('shop.db')).exec('create table seen(n integer)')
  await cli.file('connections.json', { shop: 'sqlite:shop.db' })
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Built',
    nodes: {
      rows: { kind: 'rows', config: { columns: [{ name: 'n', type: 'int64' }], rows: [[1], [2], [3]] } },
      big: { kind: 'filter', config: { where: 'n > 1' } },
      to: { kind: 'load', config: { connection: 'shop', table: 'seen', mode: 'append' } },
    },
    edges: [
      { from: 'rows', to: 'big' },
      { from: 'big', to: 'to' },
    ],
  })
  const options = { cwd: cli.folder, env: { HOME: cli.folder, SLUICE_HOME: cli.path('home'), PATH: '/usr/bin:/bin' } }
  const sluice = (...args: string[]) => run(process.execPath, [program, ...args], options)
  await sluice('run', 'p.pipeline.json')
  const { stdout } = await sluice('query', 'shop', 'select n from seen order by n', '--format', 'csv')
  expect(stdout).toBe('n\n2\n3\n')
  const history = await sluice('runs', 'list', '--json')
  expect(JSON.parse(history.stdout)).toMatchObject({ pipeline: 'Built', state: 'completed' })
})
