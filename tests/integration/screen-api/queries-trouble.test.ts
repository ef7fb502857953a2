import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

interface Subject {
  url: string
  /** Rows without end, slowly enough that nobody reads them all. */
  stream: string
  /** Lets the server end a transaction that nobody goes on with. */
  impatient: string
  /** Statements of others that run at the server now. */
  running(): Promise<number>
  drop(): Promise<void>
}

const servers: Record<string, () => Promise<Subject>> = {
  Postgres: async () => {
    const fresh = await freshDatabase()
    return {
      url: fresh.url,
      stream: 'select i, pg_sleep(0.0001) from generate_series(1, 1000000000) i',
      impatient: "set idle_in_transaction_session_timeout = '1s'",
      running: fresh.running,
      drop: fresh.drop,
    }
  },
  MariaDB: async () => {
    const fresh = await freshMariaDb()
    return {
      url: fresh.url,
      stream: 'select seq, sleep(0.0001) from seq_1_to_1000000000',
      impatient: 'set wait_timeout = 1',
      running: fresh.running,
      drop: fresh.drop,
    }
  },
}

const failed = (events: readonly QueryEvent[]) => events.find((event) => event.type === 'failed')?.error

describe.each(Object.entries(servers))('%s', (_name, open) => {
  let subject: Subject
  let api: Awaited<ReturnType<typeof queriesApi>>
  beforeAll(async () => {
    subject = await open()
    api = await queriesApi({ db: subject.url })
    await api.run('create table t (id int primary key, n int)')
    await api.run('insert into t values (1, 1)')
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    await subject.drop()
  })

  test('Stop while rows stream leaves nothing running at the server, and the tab goes on', async () => {
    const events: QueryEvent[] = []
    for await (const event of await api.start(subject.stream)) {
      events.push(event)
      if (event.type !== 'statement') continue
      await expect.poll(() => subject.running()).toBe(1)
      await api.client.queries.stop({ session: 'tab' })
    }
    expect(failed(events)).toMatchObject({ code: 'RUN_CANCELLED' })
    expect(await subject.running()).toBe(0)
    expect(await api.rows('select n from t')).toEqual([['1']])
  })

  test('a transaction that the server ended for idleness is told, and one click goes on', async () => {
    await api.run(subject.impatient)
    await api.run('update t set n = 2', { manual: true, sure: true })
    await expect
      .poll(async () => (await api.client.queries.state({ session: 'tab' })).transaction, { timeout: 20_000 })
      .toBe('lost')
    await expect(api.run('select 1')).rejects.toMatchObject({
      data: { code: 'CONNECTION_LOST', hint: expect.stringContaining('Reconnect') },
    })
    expect(await api.client.queries.reconnect({ session: 'tab' })).toMatchObject({ transaction: 'idle' })
    expect(await api.rows('select n from t')).toEqual([['1']])
  })
})

test('a backend of Postgres that is frozen does not hold the tab', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  const [[pid] = []] = await api.rows('select pg_backend_pid()')
  process.kill(Number(pid), 'SIGSTOP')
  try {
    for await (const event of await api.start('select 1')) {
      if (event.type === 'statement') await api.client.queries.stop({ session: 'tab' })
    }
    expect(await api.rows('select 2')).toEqual([['2']])
    expect(await api.rows('select pg_backend_pid()')).not.toEqual([[pid]])
  } finally {
    process.kill(Number(pid), 'SIGCONT')
  }
  await expect
    .poll(async () => (await fresh.sql('select pid from pg_stat_activity where pid = $1', [Number(pid)])).length)
    .toBe(0)
})

test('all connections of a Postgres user taken: says so, and goes on once one is free', async () => {
  await using fresh = await freshDatabase()
  const role = `narrow_${fresh.name.slice(-8)}`
  await fresh.sql(`create role ${role} login connection limit 1`)
  const url = new URL(fresh.url)
  url.username = role
  {
    await using one = await queriesApi({ db: url.href })
    await using two = await queriesApi({ db: url.href })
    await one.rows('select 1')
    await expect(two.run('select 2')).rejects.toMatchObject({ data: { code: 'CONNECTION_REFUSED', retryable: true } })
    await one[Symbol.asyncDispose]()
    await expect.poll(() => two.rows('select 2').catch(() => 'full')).toEqual([['2']])
  }
  await fresh.sql(`drop role ${role}`)
})

describe('SQLite', () => {
  test('a file that is gone is told, and found again where it is back', async () => {
    await using api = await queriesApi({ db: 'sqlite:shop.db' })
    const file = join(api.home, 'shop.db')
    await writeFile(file, '')
    await api.run('create table t (n int); insert into t values (1)')
    await api.client.queries.close({ session: 'tab' })
    await rename(file, `${file}.away`)
    await expect(api.run('select 1')).rejects.toMatchObject({ data: { code: 'CONNECTION_FILE' } })
    await rename(`${file}.away`, file)
    expect(await api.rows('select n from t')).toEqual([['1']])
  })

  test('a file that another one took the place of is the one a new session reads', async () => {
    await using api = await queriesApi({ db: 'sqlite:shop.db' })
    const file = join(api.home, 'shop.db')
    await writeFile(file, '')
    await api.run('create table t (n int); insert into t values (1)')
    await rm(file)
    const other = new DatabaseSync(file)
    other.exec('create table t (n int); insert into t values (2)')
    other.close()
    expect(await api.rows('select n from t', { session: 'other' })).toEqual([['2']])
  })

  test('a database that someone holds is told, and written once it is free', async () => {
    await using api = await queriesApi({ db: { dialect: 'sqlite', file: 'shop.db', driver: { busy_timeout: 50 } } })
    await writeFile(join(api.home, 'shop.db'), '')
    await api.run('create table t (n int)')
    const holder = new DatabaseSync(join(api.home, 'shop.db'))
    holder.exec('begin immediate')
    expect(failed(await api.run('insert into t values (1)'))).toMatchObject({
      message: expect.stringMatching(/locked/i),
    })
    holder.exec('rollback')
    holder.close()
    await api.run('insert into t values (1)')
    expect(await api.rows('select n from t')).toEqual([['1']])
  })
})
