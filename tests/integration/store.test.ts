import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import type { Column } from '../../shared/data/types.ts'
import type { RunEvent } from '../../shared/run.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { openStore, type RunBatch } from '../../src-main/store/index.ts'
import { newRun, store } from '../helpers/store.ts'
import { failure, temporaryFolder } from '../unit/services/temporary.ts'

const at = '2026-03-01T10:00:00.000Z'

const noEvents: RunBatch = { events: [], counts: {}, fingerprints: {}, outputs: [] }

/**
 * Looks at the database with another copy of SQLite. Never while this process has the store open: two copies in one
 * process drop each other's file locks.
 */
function withoutSluice<T>(home: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(join(home, 'workspace.db'))
  try {
    return work(database)
  } finally {
    database.close()
  }
}

describe('the store', () => {
  it('gives runs back as they were given', async () => {
    const { runs } = await store()
    const run = newRun('r1', {
      file: '/jobs/o\'brien "daily".pipeline.json',
      document: '{"näme": "日本 😀"}',
      documentHash: 'abc',
      mode: 'inspect',
      dryRun: true,
      params: { since: '2024-01-01', deep: { list: [1, null, true] } },
      processStart: 'boot:1',
      resumedFrom: 'r0',
    })
    await runs.create(run)
    const { document, ...row } = run
    expect(await runs.document('abc')).toBe(document)
    expect(await runs.get('r1')).toMatchObject({
      ...row,
      state: 'pending',
      startedAt: null,
      finishedAt: null,
      error: null,
    })
    expect(await runs.get('r2')).toBeUndefined()
  })

  it('keeps nodes, outputs and logs with all that columns and errors may be', async () => {
    const { runs } = await store()
    await runs.create(newRun('r1'))
    const columns: Column[] = [
      { name: 'ID "x"', type: { kind: 'int64' }, nullable: false },
      { name: 'price', type: { kind: 'decimal', precision: 38, scale: 10 } },
      { name: 'any', type: { kind: 'decimal' } },
      { name: 'mood', type: { kind: 'enum', values: ["it's", 'ok'] } },
      { name: 'tags', type: { kind: 'list', of: { kind: 'list', of: { kind: 'text' } } } },
    ]
    const error = {
      code: 'QUERY_SYNTAX' as const,
      message: 'no',
      hint: 'mend it',
      at: { node: 'a', field: 'sql', position: 0 },
      sqlState: '42601',
      retryable: false,
    }
    const output = {
      node: 'a',
      port: 'out',
      file: '/r1/rows.duckdb',
      table: 't',
      rows: 2 ** 40,
      columns,
      fingerprint: 'f1',
    }
    const stamp = { runId: 'r1', at }
    await runs.apply('r1', {
      events: [
        { ...stamp, type: 'run', state: 'running', pipeline: 'Daily', mode: 'deliver', dryRun: false },
        { ...stamp, type: 'node', node: 'a', state: 'running', attempt: 1, counts: {}, columns: { out: columns } },
        { ...stamp, type: 'log', level: 'warn', node: 'a', message: "'; drop table logs; --" },
        { ...stamp, type: 'log', level: 'info', message: 'second' },
        { ...stamp, type: 'node', node: 'a', state: 'failed', attempt: 1, counts: { bytes: 2 ** 40 }, ms: 12.5, error },
      ],
      counts: {},
      fingerprints: { a: 'f1' },
      outputs: [output],
    })
    expect(await runs.nodes('r1')).toEqual([
      {
        runId: 'r1',
        node: 'a',
        state: 'failed',
        attempt: 1,
        counts: { bytes: 2 ** 40 },
        ms: 12.5,
        kept: false,
        error,
        columns: { out: columns },
        fingerprint: 'f1',
      },
    ])
    expect(await runs.outputs('r1')).toEqual([{ ...output, runId: 'r1', createdAt: expect.any(String) }])
    expect((await runs.logs('r1')).map((log) => log.message)).toEqual(["'; drop table logs; --", 'second'])
    expect(await runs.logs('r1', { levels: ['warn'] })).toHaveLength(1)
    expect(await runs.logs('r1', { node: 'b' })).toEqual([])
  })

  it('writes a batch whole or not at all', async () => {
    const home = temporaryFolder()
    const full = await openStore({ home })
    await full.runs.create(newRun('r1'))
    const events: RunEvent[] = [
      { runId: 'r1', at, type: 'node', node: 'a', state: 'running', attempt: 1, counts: {} },
      { runId: 'r1', at, type: 'log', level: 'info', message: 'hello' },
    ]
    await full.close()
    withoutSluice(home, (database) =>
      database.exec("create trigger full before insert on logs begin select raise(abort, 'no room'); end"),
    )
    const { runs } = await store(home)
    await failure(runs.apply('r1', { ...noEvents, events }))
    expect(await runs.nodes('r1')).toEqual([])
    expect(await runs.apply('r1', { ...noEvents, events: events.slice(0, 1) })).toEqual([])
    expect(await runs.nodes('r1')).toHaveLength(1)
  })

  it('lists runs newest first, by pipeline and state', async () => {
    const { runs } = await store()
    for (const id of ['a', 'b', 'c']) await runs.create(newRun(id, { pipeline: id === 'b' ? 'Other' : 'Daily' }))
    await runs.crash('a', at)
    const ids = async (filter: Parameters<typeof runs.list>[0]) => (await runs.list(filter)).map((run) => run.id)
    expect((await ids({})).sort()).toEqual(['a', 'b', 'c'])
    expect(await ids({ pipeline: 'Other' })).toEqual(['b'])
    expect(await ids({ states: ['crashed'] })).toEqual(['a'])
    expect(await ids({ limit: 1, offset: 1 })).toHaveLength(1)
  })

  it('refuses a workspace of a newer version and leaves it as it is', async () => {
    const home = temporaryFolder()
    await (await openStore({ home })).close()
    withoutSluice(home, (database) => database.exec("insert into migrations values ('999-tomorrow', 'then')"))
    const migrations = () => withoutSluice(home, (database) => database.prepare('select * from migrations').all())
    const before = migrations()
    const error = await failure(openStore({ home }))
    expect([error.code, error.message]).toEqual(['DOC_VERSION', expect.stringContaining('999-tomorrow')])
    expect(migrations()).toEqual(before)
  })

  it('says so when the file is no workspace', async () => {
    const home = temporaryFolder()
    writeFileSync(join(home, 'workspace.db'), 'This is a letter, not a database. '.repeat(200))
    const error = await failure(openStore({ home }))
    expect(error.code).toBe('FILE_FORMAT')
    expect(error.message).toContain(join(home, 'workspace.db'))
  })

  it('says so when its folder cannot be made', async () => {
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect((await failure(openStore({ home: file }))).code).toBe('FILE_DENIED')
    expect((await failure(openStore({ home: join(file, 'below') }))).code).toBe('FILE_DENIED')
  })

  it('takes only Postgres URLs, and never shows them', async () => {
    for (const url of ['mysql://u:canary-77@h/d', 'postgres://u:canary-77@127.0.0.1:1/d']) {
      const error = await failure(openStore({ home: temporaryFolder(), url }))
      expect(error.code).toMatch(/^CONNECTION_(?:INVALID|REFUSED)$/)
      expect(JSON.stringify(error)).not.toContain('canary')
    }
  })

  it.skipIf(process.platform === 'win32')('is readable by its owner only, wherever it is', async () => {
    const home = join(temporaryFolder(), 'new')
    await store(home)
    const open = temporaryFolder()
    writeFileSync(join(open, 'workspace.db'), '', { mode: 0o644 })
    await store(open)
    expect(statSync(home).mode & 0o777).toBe(0o700)
    for (const name of ['workspace.db', 'workspace.db-wal', 'workspace.db-shm']) {
      expect(statSync(join(open, name)).mode & 0o777).toBe(0o600)
    }
  })
})

describe('settings', () => {
  it('keep any JSON under a key', async () => {
    const home = temporaryFolder()
    {
      await using workspace = openWorkspace({ env: {}, home })
      await workspace.settings.set('theme', 'dark')
      await workspace.settings.set('recent', ['a', { b: null }])
      await workspace.settings.set('theme', 'light')
    }
    await using workspace = openWorkspace({ env: {}, home })
    expect(await workspace.settings.all()).toEqual({ theme: 'light', recent: ['a', { b: null }] })
    expect(await workspace.settings.get('nothing')).toBeUndefined()
    expect(await workspace.settings.remove('theme')).toBe(true)
    expect(await workspace.settings.remove('theme')).toBe(false)
  })
})
