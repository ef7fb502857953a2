import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { SqliteFile } from './sqlite-file.ts'
import { column, execute, failure, int32, load, plan } from './subject.ts'

const at = new SqliteFile()

describe('opening a file', () => {
  const attempt = async (config: Partial<ConnectionConfig>) => failure((await at.open(config)).tables())

  it('says what is wrong with the path', async () => {
    await mkdir(join(at.folder, 'inner'))
    await writeFile(
      join(at.folder, 'notes.txt'),
      'Not a database, though long enough to be taken for one.\n'.repeat(40),
    )
    for (const config of [
      { file: 'missing/test.db' },
      { file: 'missing.db', readOnly: true },
      { file: 'inner' },
      { file: 'notes.txt' },
    ]) {
      expect(await attempt(config)).toMatchObject({
        code: 'CONNECTION_FILE',
        message: expect.stringContaining(join(at.folder, config.file.split('/')[0] ?? '')),
        hint: expect.any(String),
      })
    }
  })

  it('creates a file that is written to', async () => {
    const fresh = await at.open({ file: 'fresh.db' })
    await load(fresh, plan('t', [column('id', int32)]), [[1]])
    expect(await at.select('select * from t', await at.open({ file: 'fresh.db', readOnly: true }))).toEqual([[1]])
  })

  it('reports a lock that stays, as worth another try', async () => {
    await execute(at.db, 'create table t (id integer)')
    const impatient = await at.open({ driver: { busy_timeout: 50 } })
    await using holder = await at.db.session()
    await holder.begin()
    await holder.execute({ sql: 'insert into t values (1)' })
    expect(await failure(execute(impatient, 'insert into t values (2)'))).toMatchObject({
      code: 'CONNECTION_LOCKED',
      retryable: true,
    })
    await holder.commit()
    await execute(impatient, 'insert into t values (2)')
    expect(await at.select('select count(*) from t')).toEqual([[2n]])
  })

  it('read-only: reaches no other file, and cannot be unlocked', async () => {
    await execute(at.db, 'create table t (id integer)')
    const locked = await at.open({ readOnly: true })
    await using session = await locked.session()
    expect(await failure(session.execute({ sql: "attach 'other.db' as other" }))).toMatchObject({
      code: 'QUERY_DENIED',
    })
    expect(await failure(session.execute({ sql: 'pragma query_only = off' }))).toMatchObject({ code: 'QUERY_DENIED' })
    expect(await failure(session.execute({ sql: 'insert into t values (1)' }))).toMatchObject({
      code: 'QUERY_READ_ONLY',
    })
  })

  it('reads URLs', () => {
    expect(sqlite.parseUrl('sqlite:data/shop.db')).toEqual({ dialect: 'sqlite', file: 'data/shop.db' })
    expect(sqlite.parseUrl('sqlite:///var/a%20b.db?mode=ro')).toEqual({
      dialect: 'sqlite',
      file: '/var/a b.db',
      readOnly: true,
    })
    for (const url of ['sqlite:', 'sqlite:a.db?mode=x', 'sqlite:a.db?cache=shared']) {
      expect(() => sqlite.parseUrl(url)).toThrow(expect.objectContaining({ code: 'CONNECTION_INVALID' }))
    }
  })
})

it('Stop ends the lane that looks for the types of a query, too', async () => {
  const lanes = () => process.getActiveResourcesInfo().filter((resource) => resource === 'ProcessWrap').length
  await execute(at.db, 'create table t (id integer)')
  const stop = new AbortController()
  const session = await at.db.session(stop.signal)
  await session.begin()
  await session.execute({ sql: 'insert into t values (1)' })
  const endless = 'with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n'
  const columns = failure(session.read({ sql: endless }).columns())
  await expect.poll(lanes).toBe(2)
  stop.abort()
  expect(await columns).toMatchObject({ code: 'RUN_CANCELLED' })
  await session.release()
  await expect.poll(lanes).toBe(0)
  expect(await at.select('select count(*) from t')).toEqual([[0n]])
})

it('a lane that was told to end serves nobody else, though its process is still there', async () => {
  const stop = new AbortController()
  const session = await at.db.session(stop.signal)
  await session.execute({ sql: 'create table t (id integer)' })
  stop.abort()
  const released = session.release()
  expect(await at.select('select count(*) from t')).toEqual([[0n]])
  await released
})

it('a lane ends when the process that started it is killed, in the middle of a statement', async () => {
  const entry = fileURLToPath(new URL('../../../src-main/dialects/sqlite/index.ts', import.meta.url))
  const program = `
    const { sqlite } = await import(${JSON.stringify(entry)})
    const db = await sqlite.open({ dialect: 'sqlite', file: 'test.db' }, ${JSON.stringify(at.folder)})
    const session = await db.session()
    const slow = 'with recursive n(x) as (select 1 union all select x + 1 from n where x < 1e12) select count(*) from n'
    const running = session.execute({ sql: slow })
    console.log(session.processId)
    await running`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lane = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (data) => resolve(Number(data)))
  })
  expect(process.kill(lane, 0)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(lane, 0)).toThrow('ESRCH'), { timeout: 15_000, interval: 50 })
}, 30_000)
