import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { startServer } from '../helpers/app.ts'
import { finished } from '../helpers/cli.ts'
import { dist } from '../helpers/dist.ts'
import { connectTo, endOf, untilRowsFlow } from '../helpers/serve-client.ts'
import { temporaryFolder } from '../unit/services/temporary.ts'

/** A folder with two databases, and pipelines that fill the second: with `rows` of them, from 1 on. */
function shop() {
  const folder = temporaryFolder()
  const target = join(folder, 'target.db')
  new DatabaseSync(join(folder, 'source.db')).close()
  const db = new DatabaseSync(target)
  db.exec('create table seen(n integer); insert into seen values (-1)')
  db.close()
  writeFileSync(
    join(folder, 'connections.json'),
    JSON.stringify({ source: 'sqlite:source.db', target: 'sqlite:target.db' }),
  )
  const pipeline = (rows: number): Pipeline => ({
    sluice: 1,
    name: 'Numbers',
    parameters: [],
    nodes: {
      numbers: {
        kind: 'query',
        config: {
          connection: 'source',
          sql: `with recursive c(n) as (select 1 union all select n + 1 from c where n < ${rows}) select n from c`,
        },
      },
      to: { kind: 'load', config: { connection: 'target', table: 'seen', mode: 'append' } },
    },
    edges: [{ from: 'numbers', to: 'to' }],
    groups: {},
    notes: {},
    layout: {},
  })
  const subject = (rows: number) => ({ document: pipeline(rows), path: null, folder, mode: 'deliver' as const })
  const seen = () => {
    // Writable, because the first to open it undoes what a killed writer left in the journal.
    const reader = new DatabaseSync(target, { timeout: 10_000 })
    try {
      return reader.prepare('select count(*) as n from seen').get()?.n
    } finally {
      reader.close()
    }
  }
  return { subject, seen }
}

const endless = 1_000_000_000

it('outlives its engine: the run it did is crashed, nothing of it is kept, and the next run works', async () => {
  const { subject, seen } = shop()
  await using server = await startServer()
  using first = await connectTo(server.url)
  const { enginePid } = await first.api.app.info()
  const { runId } = await first.api.runs.start(subject(endless))
  await untilRowsFlow(first.api, runId)
  process.kill(enginePid, 'SIGKILL')
  expect(await first.closed).toBe(1012)

  using second = await connectTo(server.url)
  expect((await second.api.app.info()).enginePid).not.toBe(enginePid)
  expect((await second.api.runs.show({ run: runId })).state).toBe('crashed')
  expect(seen()).toBe(1)
  const next = await second.api.runs.start(subject(10))
  expect(await endOf(second.api, next.runId)).toBe('completed')
  expect(seen()).toBe(11)
})

it('ends on SIGTERM with its runs stopped and rolled back', async () => {
  const { subject, seen } = shop()
  const home = temporaryFolder()
  {
    await using server = await startServer({ home })
    using client = await connectTo(server.url)
    const { runId } = await client.api.runs.start(subject(endless))
    await untilRowsFlow(client.api, runId)
  }
  expect(seen()).toBe(1)
  await using server = await startServer({ home })
  using client = await connectTo(server.url)
  expect(await client.api.runs.list({})).toMatchObject([{ pipeline: 'Numbers', state: 'cancelled' }])
})

it('shares a workspace with another server, which leaves its runs alone', async () => {
  const { subject } = shop()
  const home = temporaryFolder()
  await using one = await startServer({ home })
  using atOne = await connectTo(one.url)
  const { runId } = await atOne.api.runs.start(subject(endless))
  await untilRowsFlow(atOne.api, runId)
  await using two = await startServer({ home })
  using atTwo = await connectTo(two.url)
  expect((await atTwo.api.runs.show({ run: runId })).state).toBe('running')
  const other = shop()
  const next = await atTwo.api.runs.start(other.subject(10))
  expect(await endOf(atTwo.api, next.runId)).toBe('completed')
  expect((await atOne.api.runs.show({ run: next.runId })).state).toBe('completed')
  await atOne.api.runs.stop({ run: runId })
  expect((await atTwo.api.runs.show({ run: runId })).state).toBe('cancelled')
})

it('says that a port is taken, and what to do', async () => {
  await using server = await startServer()
  const { port } = new URL(server.url)
  const env = { ...process.env, SLUICE_HOME: temporaryFolder() }
  const { code, stderr } = await finished(
    spawn(process.execPath, [join(dist, 'main', 'cli.js'), 'serve', '--port', port], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  expect(code).not.toBe(0)
  expect(stderr).toContain(`Port ${port} is taken.`)
  expect(stderr).toContain('--port')
})
