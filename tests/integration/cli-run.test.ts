import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { CliSandbox, finished, ndjson } from '../helpers/cli.ts'

// Each test starts several processes, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let cli: CliSandbox
beforeEach(async () => {
  cli = await CliSandbox.create()
})
afterEach(() => cli.remove())

const people = {
  kind: 'rows',
  config: {
    columns: [
      { name: 'who', type: 'text' },
      { name: 'n', type: 'int64' },
    ],
    rows: [
      ['Ada', '9007199254740993'],
      ['東京', 2],
      [null, 3],
    ],
  },
}

test('rows to a file: progress on stderr, nothing on stdout, exit 0, and the run is in the history', async () => {
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Write',
    nodes: { people, out: { kind: 'write-file', config: { path: 'out.csv' } } },
    edges: [{ from: 'people', to: 'out' }],
  })
  const { code, stdout, stderr } = await cli.run(['run', 'p.pipeline.json'])
  expect(stdout).toBe('')
  expect(stderr).toMatch(/✓ completed people \(3 rows/)
  expect(stderr).toMatch(/✓ completed in .* \(run \d{8}-\d{6}-[0-9a-f]{8}\)/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: without a terminal nothing is coloured or redrawn.
  expect(stderr).not.toMatch(/\u001b/)
  expect(code).toBe(0)
  expect(await readFile(cli.path('out.csv'), 'utf8')).toBe('who,n\nAda,9007199254740993\n東京,2\n,3\n')
  const [run] = ndjson((await cli.run(['runs', 'list', '--json'])).stdout)
  expect(run).toMatchObject({ pipeline: 'Write', state: 'completed', mode: 'deliver' })
  const shown = await cli.run(['runs', 'show', 'last'])
  expect(shown.stdout).toMatch(/people +✓ completed +3 rows/)
})

test('a pipeline that ends in rows prints them as a table', async () => {
  await cli.file('p.pipeline.json', { sluice: 1, name: 'Show', nodes: { people }, edges: [] })
  const { code, stdout } = await cli.run(['run', 'p.pipeline.json', '--mode', 'inspect'])
  expect(code).toBe(0)
  const lines = stdout.split('\n')
  expect(lines[0]).toMatch(/^who +n$/)
  expect(lines.slice(2, 6)).toEqual([
    'Ada   9007199254740993',
    '東京                 2',
    'NULL                 3',
    '(3 rows)',
  ])
})

test('--json prints one event per line, from running to the end, and nothing else', async () => {
  await cli.file('p.pipeline.json', { sluice: 1, name: 'Show', nodes: { people }, edges: [] })
  const { code, stdout, stderr } = await cli.run(['run', 'p.pipeline.json', '--json'])
  const events = ndjson(stdout)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(events[0]).toMatchObject({ type: 'run', state: 'running', pipeline: 'Show' })
  expect(events.at(-1)).toMatchObject({ type: 'run', state: 'completed' })
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'node', node: 'people', state: 'completed', counts: { rowsOut: 3 } }),
  )
})

test('a failure: exit 1, the node and the reason, and a resumed run does only what is left', async () => {
  new DatabaseSync(cli.path('shop.db')).exec('create table log(id integer)')
  await cli.file('connections.json', { shop: 'sqlite:shop.db' })
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Fails',
    nodes: {
      note: { kind: 'execute', config: { connection: 'shop', sql: 'insert into log values (1)' } },
      later: { kind: 'query', config: { connection: 'shop', sql: 'select * from later' } },
    },
    edges: [{ from: 'note', to: 'later', after: true }],
  })
  const failed = await cli.run(['run', 'p.pipeline.json'])
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('✗ failed    later')
  expect(failed.stderr).toMatch(/code {2}QUERY_MISSING/)
  expect(failed.stderr).toContain('--resume')
  await cli.file('other.pipeline.json', { sluice: 1, name: 'Other', nodes: { people }, edges: [] })
  const runId = /run (\d{8}-\d{6}-\w+)/.exec(failed.stderr)?.[1] ?? ''
  const other = await cli.run(['run', 'other.pipeline.json', '--resume', runId])
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('was of another pipeline, Fails') })
  const database = new DatabaseSync(cli.path('shop.db'))
  database.exec('create table later as select 42 as answer')
  const resumed = await cli.run(['run', 'p.pipeline.json', '--resume', 'last'])
  expect(resumed.code).toBe(0)
  expect(resumed.stdout).toContain('42')
  expect(database.prepare('select count(*) as n from log').get()).toEqual({ n: 1 })
  const again = await cli.run(['run', 'p.pipeline.json', '--resume', 'last'])
  expect(again).toMatchObject({ code: 2, stdout: '' })
  expect(again.stderr).toContain('RUN_STATE')
})

test('a dry run says what would change and changes nothing', async () => {
  new DatabaseSync(cli.path('shop.db')).exec('create table t(who text, n integer)')
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Load',
    nodes: { people, to: { kind: 'load', config: { connection: 'shop', table: 't', mode: 'append' } } },
    edges: [{ from: 'people', to: 'to' }],
  })
  const args = ['run', 'p.pipeline.json', '--connection', `shop=sqlite:${cli.path('shop.db')}`]
  const { code, stderr } = await cli.run([...args, '--dry-run'])
  expect(stderr).toContain('3 inserted')
  expect(stderr).toContain('rolled back')
  expect(code).toBe(0)
  const count = () => new DatabaseSync(cli.path('shop.db')).prepare('select count(*) as n from t').get()
  expect(count()).toEqual({ n: 0 })
  expect((await cli.run(args)).code).toBe(0)
  expect(count()).toEqual({ n: 3 })
})

test('an inspection is not done twice: what did not change is kept, and --refresh runs it again', async () => {
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Kept',
    nodes: { people, some: { kind: 'filter', config: { where: 'n > 2' } } },
    edges: [{ from: 'people', to: 'some' }],
  })
  const args = ['run', 'p.pipeline.json', '--mode', 'inspect']
  const first = await cli.run(args)
  expect(first.code, first.stderr).toBe(0)
  const again = await cli.run(args)
  expect(again.stderr).toContain('kept from an earlier run')
  expect(again.stdout).toBe(first.stdout)
  expect((await cli.run([...args, '--refresh'])).stderr).not.toContain('kept from an earlier run')
})

test('what cannot start says so with exit 2, and nothing is recorded', async () => {
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Off',
    nodes: {
      people: { ...people, disabled: true },
      some: { kind: 'limit', config: { count: 1 } },
      table: { kind: 'table', config: { connection: 'db', table: 't' } },
    },
    edges: [{ from: 'people', to: 'some' }],
  })
  const off = await cli.run(['run', 'p.pipeline.json', '--to', 'some'])
  expect(off.code).toBe(2)
  expect(off.stderr).toContain('takes rows of people, which is switched off')
  const url = await cli.run(['run', 'p.pipeline.json', '-c', 'db=foo://x'])
  expect(url.code).toBe(2)
  expect(url.stderr).toContain('names no database that Sluice knows')
  expect((await cli.run(['runs', 'list'])).stdout).toBe('No runs.\n')
})

test('the log of a run that failed ends in what it failed by; resuming is offered where something is done', async () => {
  const out = { kind: 'write-file', config: { path: 'out.csv' } }
  const wrong = { kind: 'query', config: { connection: 'db', sql: 'select n from nowhere' } }
  await cli.file('p.pipeline.json', { sluice: 1, name: 'Wrong', nodes: { wrong }, edges: [] })
  new DatabaseSync(cli.path('empty.db')).exec('create table t(n)')
  const args = ['run', 'p.pipeline.json', '-c', `db=sqlite:${cli.path('empty.db')}`]
  expect((await cli.run(args)).stderr).not.toContain('--resume')
  expect((await cli.run(['runs', 'logs', 'last'])).stdout).toMatch(/error {2}wrong: .*nowhere.*\(QUERY_MISSING\)\n$/)
  await cli.file('p.pipeline.json', {
    sluice: 1,
    name: 'Wrong',
    nodes: { people, out, wrong },
    edges: [{ from: 'people', to: 'out' }],
  })
  expect((await cli.run(args)).stderr).toContain('--resume')
})

/** Reads for ever, until it is stopped. */
const endless = {
  sluice: 1,
  name: 'Endless',
  nodes: {
    numbers: {
      kind: 'query',
      config: {
        connection: 'db',
        sql: 'with recursive t(n) as (select 1 union all select n + 1 from t) select n from t',
      },
    },
    out: { kind: 'write-file', config: { path: 'out.csv' } },
  },
  edges: [{ from: 'numbers', to: 'out' }],
}

async function startEndless() {
  new DatabaseSync(cli.path('empty.db')).exec('create table t(n)')
  await cli.file('p.pipeline.json', endless)
  const child = cli.start(['run', 'p.pipeline.json', '--json', '-c', `db=sqlite:${cli.path('empty.db')}`])
  const done = finished(child)
  let seen = ''
  while (!seen.includes('"type":"progress"')) {
    const [piece]: string[] = await once(child.stdout ?? child, 'data')
    seen += piece
  }
  return { child, done }
}

test('Ctrl-C stops: exit 130, nothing is left half-written, and the history says cancelled', async () => {
  const { child, done } = await startEndless()
  child.kill('SIGINT')
  const { code, stdout } = await done
  expect(code).toBe(130)
  expect(ndjson(stdout).at(-1)).toMatchObject({ type: 'run', state: 'cancelled' })
  await expect(readFile(cli.path('out.csv'))).rejects.toThrow()
  const [run] = ndjson((await cli.run(['runs', 'list', '--json'])).stdout)
  expect(run).toMatchObject({ state: 'cancelled' })
})

test('a killed run is found crashed', async () => {
  const { child, done } = await startEndless()
  // The history is written in the background: killed before its first write, the run would not be in it at all.
  for (;;) {
    const { stdout } = await cli.run(['runs', 'list', '--json'])
    if (ndjson(stdout)[0]?.state === 'running') break
  }
  child.kill('SIGKILL')
  await done
  const [run] = ndjson((await cli.run(['runs', 'list', '--json'])).stdout)
  expect(run).toMatchObject({ state: 'crashed' })
})

test('a workspace folder that cannot be made is told with what to do about it', async () => {
  await cli.file('p.pipeline.json', { sluice: 1, name: 'Nowhere', nodes: { people }, edges: [] })
  await cli.file('taken', '')
  const { code, stderr } = await cli.run(['run', 'p.pipeline.json'], { env: { SLUICE_HOME: cli.path('taken') } })
  expect(code).toBe(1)
  expect(stderr).toContain('FILE_DENIED')
  expect(stderr).toContain('Set SLUICE_HOME to a folder that may be written')
  expect(stderr).not.toContain('INTERNAL')
})
