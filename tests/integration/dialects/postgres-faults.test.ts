import { describe, expect, test } from 'vitest'
import type { Session } from '../../../src-main/dialects/dialect.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { PgSession } from '../../../src-main/dialects/postgres/session.ts'
import { PostgresDatabase } from './postgres-database.ts'
import { column, int32, plan as planOf } from './subject.ts'

const at = new PostgresDatabase(
  'create table kept (id int primary key); insert into kept select generate_series(1, 1000)',
)

const endless = 'select a.id, b.id as other from kept a, kept b, kept c'

function pid(session: Session): number | null {
  if (!(session instanceof PgSession)) throw new Error('Not a session of Postgres.')
  return session.client.processID
}

const terminate = (session: Session) => at.sql('select pg_terminate_backend($1, 10000)', [pid(session)])

/** Sessions of the code under test that are running something, or hold a transaction open. */
const running = () =>
  at.sql(`select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
              and application_name = 'sluice' and state <> 'idle'`)

async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setImmediate(resolve))
}

const plan = planOf('kept', [column('id', int32)], { batchSize: 100 })

const line = (n: number) => Buffer.from(`${n}\n`)

describe('a connection ended by the server', () => {
  test('while rows are being read as bytes', async () => {
    const session = await at.db.session()
    const read = async () => {
      let first = true
      for await (const _ of session.read({ sql: endless }).bytes({ lists: 'json' })) {
        if (first) await terminate(session)
        first = false
      }
    }
    await expect(read()).rejects.toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
    await expect(session.execute({ sql: 'select 1' })).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    await session.release()
    await using next = await at.db.session()
    expect((await next.execute({ sql: 'select 1 as one' })).rows).toEqual([[1]])
  })

  test('while rows are being read in batches', async () => {
    const session = await at.db.session()
    const read = async () => {
      for await (const _ of session.read({ sql: endless }).rows(10)) await terminate(session)
    }
    await expect(read()).rejects.toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
    await session.release()
  })

  test.each(['append', 'truncate', 'replace', 'upsert'] as const)('during a load in mode %s', async (mode) => {
    const before = await at.sql('select count(*)::int as n, sum(id)::int as s from kept')
    const session = await at.db.session()
    const load = async () => {
      const writer = await session.write({ ...plan, mode, keys: ['id'] })
      await writer.write(line(5001))
      await terminate(session)
      await writer.write(line(5002))
      await writer.finish()
    }
    await expect(load()).rejects.toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
    await session.release()
    expect(await at.sql('select count(*)::int as n, sum(id)::int as s from kept')).toEqual(before)
    expect((await at.db.tables()).map((table) => table.name)).toEqual(['kept'])
  })

  test('during the commit: nobody can know, and the error says so', async () => {
    await at.sql(`create table doomed (id int);
      create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create constraint trigger at_commit after insert on doomed deferrable initially deferred for each row execute function die()`)
    const session = await at.db.session()
    const writer = await session.write({ ...plan, table: { name: 'doomed' } })
    await writer.write(line(1))
    await expect(writer.finish()).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: false,
      message: expect.stringContaining('may or may not'),
    })
    await session.release()
    await at.sql('drop table doomed')
  })

  test('a broken connection never comes back from the pool', async () => {
    await using one = await postgres.open({ ...postgres.parseUrl(at.url), pool: { max: 1 } }, '/')
    const session = await one.session()
    const broken = pid(session)
    await terminate(session)
    await session.release()
    await using next = await one.session()
    expect(pid(next)).not.toBe(broken)
    expect((await next.execute({ sql: 'select 1 as one' })).rows).toEqual([[1]])
  })
})

describe('Stop', () => {
  test('during a statement leaves nothing running and no lock', async () => {
    const stop = new AbortController()
    const session = await at.db.session(stop.signal)
    await session.begin()
    await session.execute({ sql: 'lock table kept in access exclusive mode' })
    const sleeping = session.execute({ sql: 'select pg_sleep(3600)' })
    const ended = expect(sleeping).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await until(async () => (await running()).some((row) => String(row.query).includes('pg_sleep')))
    stop.abort()
    await ended
    await session.release()
    expect(await running()).toEqual([])
    expect(await at.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('while rows are ready and nobody takes them', async () => {
    const stop = new AbortController()
    const session = await at.db.session(stop.signal)
    const pieces = session.read({ sql: endless }).bytes({ lists: 'json' })[Symbol.asyncIterator]()
    await pieces.next()
    stop.abort()
    await expect(
      (async () => {
        for (let next = await pieces.next(); !next.done; next = await pieces.next());
      })(),
    ).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await session.release()
    expect(await running()).toEqual([])
  })

  test.each([0, 10])('while the server waits for rows to load, %i rejects allowed', async (maxRejects) => {
    const stop = new AbortController()
    const session = await at.db.session(stop.signal)
    const writer = await session.write({ ...plan, mode: 'truncate', maxRejects, batchSize: 1 })
    await writer.write(line(1))
    stop.abort()
    await expect(writer.write(line(2)).then(() => writer.finish())).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await writer.abort()
    await session.release()
    expect(await running()).toEqual([])
    expect(await at.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('while the rows of a load are being applied', async () => {
    await at.sql(`create table slow (id int primary key);
      create function doze() returns trigger language plpgsql as $$ begin perform pg_sleep(3600); return new; end $$;
      create trigger t before insert on slow for each row execute function doze()`)
    const stop = new AbortController()
    const session = await at.db.session(stop.signal)
    const writer = await session.write({ ...plan, table: { name: 'slow' }, mode: 'upsert', keys: ['id'] })
    await writer.write(line(1))
    const ended = expect(writer.finish()).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await until(async () => (await running()).some((row) => String(row.query).includes('on conflict')))
    stop.abort()
    await ended
    await session.release()
    expect(await running()).toEqual([])
    await at.sql('drop table slow')
  })

  test('a session that does nothing gives its transaction up', async () => {
    const stop = new AbortController()
    const session = await at.db.session(stop.signal)
    await session.begin()
    await session.execute({ sql: 'delete from kept' })
    stop.abort()
    await expect(session.commit()).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await session.release()
    expect(await at.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })
})

test('a session that the server ended while it was idle can be released at any moment', async () => {
  await using one = await postgres.open({ ...postgres.parseUrl(at.url), pool: { max: 1 } }, '/')
  for (let round = 0; round < 5; round++) {
    const session = await one.session()
    const [ended] = await Promise.all([terminate(session), round % 2 === 0 ? session.release() : undefined])
    expect(ended).toEqual([{ pg_terminate_backend: true }])
    await session.release()
  }
  await until(async () => {
    try {
      await using next = await one.session()
      return (await next.execute({ sql: 'select 1 as one' })).rows[0]?.[0] === 1
    } catch (error) {
      expect(error).toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
      return false
    }
  })
})

test('releasing a session ends the query and the load that were left open on it', async () => {
  const reading = await at.db.session()
  await reading.read({ sql: endless }).bytes({ lists: 'json' })[Symbol.asyncIterator]().next()
  await reading.release()
  const writing = await at.db.session()
  const writer = await writing.write({ ...plan, mode: 'truncate' })
  await writer.write(line(1))
  await writing.release()
  await until(async () => (await running()).length === 0)
  expect(await at.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
})

test('closing the database cuts what is still in use', async () => {
  const other = await postgres.open(postgres.parseUrl(at.url), '/')
  const session = await other.session()
  await session.begin()
  await session.execute({ sql: 'delete from kept' })
  await other.close()
  await expect(session.execute({ sql: 'select 1' })).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  await session.release()
  await expect(other.session()).rejects.toMatchObject({ code: 'RUN_STATE' })
  await until(async () => (await running()).length === 0)
  expect(await at.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
})
