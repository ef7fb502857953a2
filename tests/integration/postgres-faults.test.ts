import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database, Session, WritePlan } from '../../src-main/dialects/dialect.ts'
import { postgres } from '../../src-main/dialects/postgres/index.ts'
import { PgSession } from '../../src-main/dialects/postgres/session.ts'
import { type FreshDatabase, freshDatabase } from '../helpers/postgres.ts'

let fresh: FreshDatabase
let db: Database

beforeAll(async () => {
  fresh = await freshDatabase()
  db = await postgres.open(postgres.parseUrl(fresh.url), '/')
  await fresh.sql('create table kept (id int primary key); insert into kept select generate_series(1, 1000)')
})
afterAll(async () => {
  await db?.close()
  await fresh?.drop()
})

const endless = 'select a.id, b.id as other from kept a, kept b, kept c'

function pid(session: Session): number | null {
  if (!(session instanceof PgSession)) throw new Error('Not a session of Postgres.')
  return session.client.processID
}

const terminate = (session: Session) => fresh.sql('select pg_terminate_backend($1, 10000)', [pid(session)])

/** Sessions of the code under test that are running something, or hold a transaction open. */
const running = () =>
  fresh.sql(`select query from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
              and application_name = 'sluice' and state <> 'idle'`)

async function until(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setImmediate(resolve))
}

const plan: WritePlan = {
  table: { name: 'kept' },
  mode: 'append',
  columns: [{ name: 'id', type: { kind: 'int32' } }],
  keys: [],
  types: {},
  batchSize: 100,
  maxRejects: 0,
}

const line = (n: number) => Buffer.from(`${n}\n`)

describe('a connection ended by the server', () => {
  test('while rows are being read as bytes', async () => {
    const session = await db.session()
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
    await using next = await db.session()
    expect((await next.execute({ sql: 'select 1 as one' })).rows).toEqual([[1]])
  })

  test('while rows are being read in batches', async () => {
    const session = await db.session()
    const read = async () => {
      for await (const _ of session.read({ sql: endless }).rows(10)) await terminate(session)
    }
    await expect(read()).rejects.toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
    await session.release()
  })

  test.each(['append', 'truncate', 'replace', 'upsert'] as const)('during a load in mode %s', async (mode) => {
    const before = await fresh.sql('select count(*)::int as n, sum(id)::int as s from kept')
    const session = await db.session()
    const load = async () => {
      const writer = await session.write({ ...plan, mode, keys: ['id'] })
      await writer.write(line(5001))
      await terminate(session)
      await writer.write(line(5002))
      await writer.finish()
    }
    await expect(load()).rejects.toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
    await session.release()
    expect(await fresh.sql('select count(*)::int as n, sum(id)::int as s from kept')).toEqual(before)
    expect((await db.tables()).map((table) => table.name)).toEqual(['kept'])
  })

  test('during the commit: nobody can know, and the error says so', async () => {
    await fresh.sql(`create table doomed (id int);
      create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
      create constraint trigger at_commit after insert on doomed deferrable initially deferred for each row execute function die()`)
    const session = await db.session()
    const writer = await session.write({ ...plan, table: { name: 'doomed' } })
    await writer.write(line(1))
    await expect(writer.finish()).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: false,
      message: expect.stringContaining('may or may not'),
    })
    await session.release()
    await fresh.sql('drop table doomed')
  })

  test('a broken connection never comes back from the pool', async () => {
    await using one = await postgres.open({ ...postgres.parseUrl(fresh.url), pool: { max: 1 } }, '/')
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
    const session = await db.session(stop.signal)
    await session.begin()
    await session.execute({ sql: 'lock table kept in access exclusive mode' })
    const sleeping = session.execute({ sql: 'select pg_sleep(3600)' })
    const ended = expect(sleeping).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await until(async () => (await running()).some((row) => String(row.query).includes('pg_sleep')))
    stop.abort()
    await ended
    await session.release()
    expect(await running()).toEqual([])
    expect(await fresh.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('while rows are ready and nobody takes them', async () => {
    const stop = new AbortController()
    const session = await db.session(stop.signal)
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
    const session = await db.session(stop.signal)
    const writer = await session.write({ ...plan, mode: 'truncate', maxRejects, batchSize: 1 })
    await writer.write(line(1))
    stop.abort()
    await expect(writer.write(line(2)).then(() => writer.finish())).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await writer.abort()
    await session.release()
    expect(await running()).toEqual([])
    expect(await fresh.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })

  test('while the rows of a load are being applied', async () => {
    await fresh.sql(`create table slow (id int primary key);
      create function doze() returns trigger language plpgsql as $$ begin perform pg_sleep(3600); return new; end $$;
      create trigger t before insert on slow for each row execute function doze()`)
    const stop = new AbortController()
    const session = await db.session(stop.signal)
    const writer = await session.write({ ...plan, table: { name: 'slow' }, mode: 'upsert', keys: ['id'] })
    await writer.write(line(1))
    const ended = expect(writer.finish()).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await until(async () => (await running()).some((row) => String(row.query).includes('on conflict')))
    stop.abort()
    await ended
    await session.release()
    expect(await running()).toEqual([])
    await fresh.sql('drop table slow')
  })

  test('a session that does nothing gives its transaction up', async () => {
    const stop = new AbortController()
    const session = await db.session(stop.signal)
    await session.begin()
    await session.execute({ sql: 'delete from kept' })
    stop.abort()
    await expect(session.commit()).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await session.release()
    expect(await fresh.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
  })
})

describe('a read-only connection', () => {
  const tricks = [
    'set transaction read write',
    'begin read write',
    'start transaction read write',
    'commit',
    'rollback and chain',
    'set default_transaction_read_only = off',
    'set session characteristics as transaction read write',
    `select set_config('transaction_read_only', 'off', false)`,
    `select set_config('default_transaction_read_only', 'off', false)`,
    'reset all',
    'discard all',
    `do $$ begin set transaction read write; insert into kept values (7001); end $$`,
    `do $$ begin commit; insert into kept values (7002); end $$`,
    'select sneak()',
    'call sneak_on()',
    'with made as (insert into kept values (7003) returning id) select * from made',
    'select 1; insert into kept values (7004)',
    'commit; insert into kept values (7005)',
    'select 1) to stdout; insert into kept values (7006); --',
    'explain analyze insert into kept values (7007)',
    'select * from kept for update',
    'create temp table sneaked as select 1',
    `select nextval('counter')`,
    'truncate kept',
    'copy kept from stdin',
    'prepare sneaky as insert into kept values (7008)',
    'execute sneaky',
    'insert into kept values (7009)',
  ]

  beforeAll(async () => {
    await fresh.sql(`create sequence counter;
      create function sneak() returns void language plpgsql as $$ begin
        perform set_config('transaction_read_only', 'off', true); insert into kept values (7010); end $$;
      create procedure sneak_on() language plpgsql as $$ begin
        commit; set transaction read write; insert into kept values (7011); end $$`)
  })

  /** Runs everything in order on one session, by every way that takes SQL. */
  async function tryAll(session: Session): Promise<void> {
    for (const sql of tricks) {
      await session.execute({ sql }).catch(() => undefined)
      await session
        .executeMany(
          { sql },
          (async function* () {
            yield {}
          })(),
        )
        .catch(() => undefined)
      const bytes = async () => {
        for await (const _ of session.read({ sql }).bytes({ lists: 'json' }));
      }
      const rows = async () => {
        for await (const _ of session.read({ sql }).rows(10));
      }
      await bytes().catch(() => undefined)
      await rows().catch(() => undefined)
    }
  }

  test.each([false, true])('stays one through every trick (inside a transaction: %s)', async (inside) => {
    await using locked = await postgres.open({ ...postgres.parseUrl(fresh.url), readOnly: true, pool: { max: 1 } }, '/')
    for (let round = 0; round < 2; round++) {
      await using session = await locked.session()
      if (!inside) await tryAll(session)
      else
        for (const sql of tricks) {
          if (!session.inTransaction) await session.begin()
          await session.execute({ sql }).catch(() => undefined)
          await expect(session.execute({ sql: 'insert into kept values (7100)' }), sql).rejects.toThrow()
          if (session.inTransaction) await session.commit().catch(() => undefined)
        }
      await expect(session.execute({ sql: 'insert into kept values (7200)' })).rejects.toMatchObject({
        code: 'QUERY_READ_ONLY',
        sqlState: '25006',
      })
    }
    expect(await fresh.sql('select count(*)::int as n, max(id) as top from kept')).toEqual([{ n: 1000, top: 1000 }])
    expect(await fresh.sql('select is_called from counter')).toEqual([{ is_called: false }])
  })

  test('reads as any other', async () => {
    await using locked = await postgres.open({ ...postgres.parseUrl(fresh.url), readOnly: true }, '/')
    await using session = await locked.session()
    const pieces: Uint8Array[] = []
    const reader = session.read({
      sql: 'select id, array[id] from kept where id <= :n order by id',
      params: { n: { type: { kind: 'int32' }, value: 2 } },
    })
    for await (const piece of reader.bytes({ lists: 'json' })) pieces.push(piece)
    expect(Buffer.concat(pieces).toString()).toBe('1,[1]\n2,[2]\n')
    await session.begin()
    expect((await session.execute({ sql: 'select count(*) as n from kept' })).rows).toEqual([[1000n]])
    await session.commit()
  })
})

test('a session that the server ended while it was idle can be released at any moment', async () => {
  await using one = await postgres.open({ ...postgres.parseUrl(fresh.url), pool: { max: 1 } }, '/')
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
  const reading = await db.session()
  await reading.read({ sql: endless }).bytes({ lists: 'json' })[Symbol.asyncIterator]().next()
  await reading.release()
  const writing = await db.session()
  const writer = await writing.write({ ...plan, mode: 'truncate' })
  await writer.write(line(1))
  await writing.release()
  await until(async () => (await running()).length === 0)
  expect(await fresh.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
})

test('closing the database cuts what is still in use', async () => {
  const other = await postgres.open(postgres.parseUrl(fresh.url), '/')
  const session = await other.session()
  await session.begin()
  await session.execute({ sql: 'delete from kept' })
  await other.close()
  await expect(session.execute({ sql: 'select 1' })).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  await session.release()
  await expect(other.session()).rejects.toMatchObject({ code: 'RUN_STATE' })
  await until(async () => (await running()).length === 0)
  expect(await fresh.sql('select count(*)::int as n from kept')).toEqual([{ n: 1000 }])
})
