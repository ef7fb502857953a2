import { beforeAll, describe, expect, test } from 'vitest'
import type { Session } from '../../../src-main/dialects/dialect.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { PostgresDatabase } from './postgres-database.ts'

const at = new PostgresDatabase(
  'create table kept (id int primary key); insert into kept select generate_series(1, 1000)',
)

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
    await at.sql(`create sequence counter;
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
    await using locked = await postgres.open({ ...postgres.parseUrl(at.url), readOnly: true, pool: { max: 1 } }, '/')
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
    expect(await at.sql('select count(*)::int as n, max(id) as top from kept')).toEqual([{ n: 1000, top: 1000 }])
    expect(await at.sql('select is_called from counter')).toEqual([{ is_called: false }])
  })

  test('reads as any other', async () => {
    await using locked = await postgres.open({ ...postgres.parseUrl(at.url), readOnly: true }, '/')
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
