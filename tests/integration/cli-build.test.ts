import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import config from '../../rolldown.config.ts'
import { CliSandbox } from '../helpers/cli.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)
// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox
let dist: string

beforeAll(async () => {
  cli = await CliSandbox.create()
  // Inside the repository, so that the packages it leaves out are found as they are from dist.
  await mkdir(join(root, '.cache'), { recursive: true })
  dist = await mkdtemp(join(root, '.cache', 'build-'))
  const { output, ...input } = config
  const bundle = await rolldown({ ...input, cwd: root, logLevel: 'silent' })
  await bundle.write({ ...output, dir: dist, cleanDir: false })
  await bundle.close()
})
afterAll(async () => {
  await cli.remove()
  await rm(dist, { recursive: true, force: true })
})

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
  const program = (...args: string[]) => run(process.execPath, [join(dist, 'cli.js'), ...args], options)
  await program('run', 'p.pipeline.json')
  const { stdout } = await program('query', 'shop', 'select n from seen order by n', '--format', 'csv')
  expect(stdout).toBe('n\n2\n3\n')
  const history = await program('runs', 'list', '--json')
  expect(JSON.parse(history.stdout)).toMatchObject({ pipeline: 'Built', state: 'completed' })
})
