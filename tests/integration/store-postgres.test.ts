import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { openStore } from '../../src-main/store/index.ts'
import { freshDatabase } from '../helpers/postgres.ts'
import { failure, temporaryFolder } from '../unit/services/temporary.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

it('keeps the workspace in Postgres, in a schema of its own', async () => {
  await using database = await freshDatabase()
  await database.sql('create table runs (id int); insert into runs values (7)')
  const options = { home: temporaryFolder(), url: database.url }
  // All of them migrate at once, each with its own connections.
  const stores = await Promise.all(Array.from({ length: 5 }, () => openStore(options)))
  await Promise.all(
    stores.map(async ({ runs }, n) => {
      const id = `run-${n}`
      const stamp = { runId: id, at: new Date(n).toISOString() }
      await runs.create({
        id,
        pipeline: 'Daily',
        document: 'the document',
        mode: 'inspect',
        dryRun: n % 2 === 0,
        params: { n },
        pid: 1,
        host: 'elsewhere',
        processStart: null,
      })
      const refused = await runs.apply(id, {
        events: [
          { ...stamp, type: 'run', state: 'running', pipeline: 'Daily', mode: 'inspect', dryRun: false },
          { ...stamp, type: 'node', node: 'a', state: 'running', attempt: 1, counts: { rowsOut: 2 ** 40 }, ms: 0.5 },
          { ...stamp, type: 'log', level: 'info', message: `it's "${n}"` },
        ],
        counts: { a: { rowsIn: n } },
        fingerprints: { a: 'f' },
        outputs: [{ node: 'a', port: 'out', file: '/f', table: 't', rows: 2 ** 40, columns: [], fingerprint: 'f' }],
      })
      expect(refused).toEqual([])
    }),
  )
  const [first] = stores
  const all = await first?.runs.list()
  expect(all?.map((run) => [run.id, run.state, run.dryRun, run.params]).sort()).toEqual(
    stores.map((_, n) => [`run-${n}`, 'running', n % 2 === 0, { n }]),
  )
  expect(await first?.runs.nodes('run-3')).toMatchObject([
    { counts: { rowsIn: 3, rowsOut: 2 ** 40 }, kept: false, ms: 0.5 },
  ])
  expect(await first?.runs.outputs('run-3')).toMatchObject([{ rows: 2 ** 40 }])
  expect(await first?.runs.logs('run-3')).toMatchObject([{ level: 'info', message: 'it\'s "3"' }])
  expect(await first?.runs.startingWith('run-')).toHaveLength(2)
  expect(await first?.runs.crash('run-3', new Date().toISOString())).toBe(true)
  expect(await first?.runs.endedBefore(new Date(Date.now() + 1000).toISOString())).toEqual(['run-3'])
  expect(await first?.runs.endedBefore('2000-01-01T00:00:00.000Z')).toEqual([])
  expect([await first?.runs.endedBeyond(0), await first?.runs.endedBeyond(1)]).toEqual([['run-3'], []])
  expect(await first?.runs.places()).toHaveLength(5)
  expect(await first?.runs.marks(['run-3', 'unknown'])).toMatchObject([{ id: 'run-3', state: 'crashed' }])
  expect(await first?.runs.document(sha256('the document'))).toBe('the document')
  await first?.runs.forgetDocuments()
  expect(await first?.runs.document(sha256('the document'))).toBe('the document')
  await first?.runs.forget(['run-3', 'run-4'])
  expect(await first?.runs.list()).toHaveLength(3)
  await first?.runs.forget(['run-0', 'run-1', 'run-2'])
  await first?.runs.forgetDocuments()
  expect(await first?.runs.document(sha256('the document'))).toBeNull()
  await Promise.all(stores.map((store) => store.close()))
  expect(await database.sql('select id from public.runs')).toEqual([{ id: 7 }])
})

it('serves the whole workspace from there', async () => {
  await using database = await freshDatabase()
  const home = temporaryFolder()
  const env = { SLUICE_STORE: database.url, SLUICE_KEY: 'a passphrase for the test' }
  {
    await using workspace = openWorkspace({ env, home })
    await workspace.connections.add('lake', { dialect: 'postgres', host: 'h', password: 'canary-77' }, '/')
    expect((await failure(workspace.connections.add('lake', { dialect: 'postgres' }, '/'))).code).toBe(
      'CONNECTION_INVALID',
    )
    await workspace.secrets.set('token', 'one')
    await workspace.secrets.set('token', 'canary-88')
    await workspace.settings.set('theme', 'dark')
  }
  await using workspace = openWorkspace({ env, home })
  expect(await workspace.connections.open('lake')).toEqual({ dialect: 'postgres', host: 'h', password: 'canary-77' })
  expect(await workspace.secrets.resolve('token')).toBe('canary-88')
  expect(await workspace.settings.all()).toEqual({ theme: 'dark' })
  const rows = JSON.stringify([
    await database.sql('select * from sluice.connections'),
    await database.sql('select * from sluice.secrets'),
  ])
  expect(rows).not.toContain('canary')
})
