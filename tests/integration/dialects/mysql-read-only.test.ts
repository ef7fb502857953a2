import { beforeAll, describe, expect, it, test } from 'vitest'
import type { Database } from '../../../src-main/dialects/dialect.ts'
import { MariaDbDatabase } from './mysql-database.ts'
import { execute, failure, fetchRows, query } from './subject.ts'

const at = new MariaDbDatabase()
let locked: Database
beforeAll(async () => {
  await at.sql(
    'create table kept (id int) engine=InnoDB',
    'insert into kept values (1), (2)',
    'create table plain (id int) engine=MyISAM',
    'insert into plain values (1), (2)',
    'create sequence numbers',
    'create function sneak() returns int begin insert into kept values (9); return 1; end',
    'create function sneak_plain() returns int begin insert into plain values (9); return 1; end',
    'create function unlock_it() returns int begin set session transaction read write; return 1; end',
    'create procedure sneak_all() begin commit; set session transaction read write; insert into kept values (9); end',
  )
  locked = await at.open({ readOnly: true })
})

const untouched = async () => {
  expect(await at.select('select (select count(*) from kept) + (select count(*) from plain) as n')).toEqual([[4n]])
  expect(await at.server.sql("show tables like 'sneaked'")).toEqual([])
}

describe('a read-only connection', () => {
  test.each([
    'delete from kept',
    'delete from plain',
    'replace into kept values (9)',
    'insert into kept select * from kept',
    'create table sneaked (id int)',
    'create table sneaked select 1 as id',
    'alter table kept add x int',
    'drop table kept',
    'truncate kept',
    'truncate table plain',
    'rename table kept to sneaked',
    'select sneak()',
    'select sneak_plain()',
    'select nextval(numbers)',
    'call sneak_all()',
    'set session transaction read write',
    'set statement tx_read_only = 0 for delete from kept',
    'set @@tx_read_only = 0',
    'set autocommit = 1',
    'commit',
    'rollback',
    'commit and chain',
    'start transaction read write',
    'begin',
    'lock tables kept write',
    'prepare x from "delete from kept"',
    "execute immediate 'delete from kept'",
    'begin not atomic commit; set session transaction read write; delete from kept; end',
    'if 1 then commit; end if',
    '/*!50000 delete */ /*M! from */ kept',
    '/*! commit */',
    "select 1 into outfile '/tmp/sluice-sneaked'",
    "select 1 into /* here */ dumpfile '/tmp/sluice-sneaked'",
    "select 1 /*! into outfile '/tmp/sluice-sneaked' */",
    "load data local infile '/etc/passwd' into table kept",
    'analyze delete from kept',
    'optimize table kept',
    'kill 1',
    'flush tables',
  ])('refuses: %s', async (sql) => {
    expect(await failure(execute(locked, sql))).toMatchObject({ code: 'QUERY_READ_ONLY' })
    expect(await failure(query(locked, sql))).toMatchObject({ name: 'AppError' })
    await untouched()
  })

  test.each([
    ["select 1 into outfile '/tmp/sluice-sneaked'", 'no INTO OUTFILE.'],
    ['select 1 /*! , 2 */', 'no comments that the server runs (/*! … */).'],
    ['call sneak_all()', 'no CALL.'],
  ])('says what of it is not sent: %s', async (sql, what) => {
    expect(await failure(execute(locked, sql))).toMatchObject({ message: expect.stringContaining(what) })
  })

  it('runs one statement at a time', async () => {
    const two = 'select 1; delete from kept'
    expect(await failure(execute(locked, two))).toMatchObject({ code: 'QUERY_SYNTAX', at: { position: 9 } })
    await untouched()
  })

  it('stays so after a function that tries to unlock it', async () => {
    await using session = await locked.session()
    await session.begin()
    await session.execute({ sql: 'select unlock_it()' })
    for (const sql of ['delete from kept', 'create table sneaked (id int)', 'select sneak()'])
      expect(await failure(session.execute({ sql }))).toMatchObject({ code: 'QUERY_READ_ONLY' })
    await session.commit()
    expect(await failure(session.execute({ sql: 'delete from kept' }))).toMatchObject({ code: 'QUERY_READ_ONLY' })
    await untouched()
  })

  it('reads as any other', async () => {
    await using session = await locked.session()
    await session.begin()
    for (const sql of [
      'select id from kept order by id',
      '(select id from kept) order by id',
      'with k as (select id from kept) select id from k order by id',
      'values (1), (2)',
    ])
      expect((await fetchRows(session, { sql })).rows).toEqual([[1], [2]])
    expect((await session.execute({ sql: "show tables like 'kept'" })).rows).toEqual([['kept']])
    expect((await session.execute({ sql: 'explain select * from kept' })).rows).toHaveLength(1)
    await session.commit()
  })
})

it('a file of this machine is read by no statement', async () => {
  const sql = "load data local infile '/etc/hostname' into table kept (@x) set id = 9"
  expect(await failure(execute(at.db, sql))).toMatchObject({ code: 'QUERY_DENIED' })
  await untouched()
})
