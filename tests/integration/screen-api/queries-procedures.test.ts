import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { queriesApi, type RunWish } from '../../helpers/queries-api.ts'

describe('a procedure of MariaDB', () => {
  let fresh: Awaited<ReturnType<typeof freshMariaDb>>
  let api: Awaited<ReturnType<typeof queriesApi>>
  beforeAll(async () => {
    fresh = await freshMariaDb()
    api = await queriesApi({ db: fresh.url })
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    await fresh.drop()
  })

  const call = (sql: string, wish?: RunWish) => api.run(sql, { sure: true, ...wish })
  /** Rows of all results, each as texts. */
  const tables = async (events: readonly QueryEvent[]) => {
    const found = events.flatMap((event) => (event.type === 'rows' ? [event] : []))
    return Promise.all(
      found.map(async ({ query, statement }) => {
        const window = await api.client.results.window({ source: { query, statement }, offset: 0, limit: 3 })
        return window.rows
      }),
    )
  }
  const ends = (events: readonly QueryEvent[]) =>
    events.flatMap((event) =>
      event.type === 'done' ? [String(event.rows)] : event.type === 'failed' ? [event.error.message] : [],
    )

  test('shows each of its results, with the types that it has', async () => {
    await fresh.sql(
      "create table kinds (id int primary key, kind enum('a','b'), f float, at timestamp(3) null default null)",
    )
    await fresh.sql("insert into kinds values (1, 'b', 0.1, '2024-05-06 07:08:09.5'), (2, null, 123456.79, null)")
    await fresh.sql(
      'create procedure p(n int) begin select n as a; insert into kinds values (3, null, null, null); select * from kinds order by id; select 1 as x where false; end',
    )
    const events = await call('call p(:n); select 7 as last', { params: { n: { type: 'int', value: '5' } } })
    const found = await tables(events)
    expect(found).toEqual([[['5']], await api.rows('select * from kinds order by id'), [], [['7']]])
    expect(found[1]?.map(([, kind, , at]) => [kind, at])).toEqual([
      ['b', '2024-05-06 07:08:09.5+00'],
      [null, null],
      [null, null],
    ])
    expect(ends(events)).toEqual(['1', '3', '0', '1'])
    expect(events.flatMap((event) => (event.type === 'further' ? [[event.statement, event.of]] : []))).toEqual([
      [1, 0],
      [2, 0],
    ])
    const [, second] = events.filter((event) => event.type === 'rows')
    expect(second?.columns[1]?.type).toEqual({ kind: 'enum', values: ['a', 'b'] })
    const [entry] = (await api.client.queries.history({ search: 'call p' })) ?? []
    expect(entry).toMatchObject({ rows: 4, state: 'done' })
  })

  test('shows the first rows of a long result while the rest is read, and is stopped in it', async () => {
    await fresh.sql(
      'create procedure endless() begin select 1 as a; select s.seq from seq_1_to_50000 s, seq_1_to_1000000 t; end',
    )
    const seen: QueryEvent[] = []
    for await (const event of await api.start('call endless()', { sure: true })) {
      seen.push(event)
      const shown = seen.filter(({ type }) => type === 'rows').length
      if (shown === 2 && event.type === 'progress') void api.client.queries.stop({ session: 'tab' })
    }
    expect(ends(seen)).toEqual(['1', 'The statement was stopped.'])
    const [first = [], second = []] = await tables(seen)
    expect([first.length, second.length]).toEqual([1, 3])
    expect(await fresh.running('seq_1_to_50000')).toBe(0)
    // The session is as it was.
    expect(await api.rows('select 2')).toEqual([['2']])
  })

  test('keeps the results before an error, which stands with the last of them', async () => {
    await fresh.sql(
      "create procedure breaks() begin select 1 as a; select 2 as b; signal sqlstate '45000' set message_text = 'no more'; end",
    )
    const events = await call('call breaks(); select 3')
    expect(await tables(events)).toEqual([[['1']], [['2']]])
    expect(ends(events)).toEqual(['1', expect.stringContaining('no more')])
    expect(await api.rows('select 2')).toEqual([['2']])
  })

  test('says how many of very many results are left out, and what changed nothing gives none', async () => {
    await fresh.sql(
      'create procedure loops(n int) begin declare i int default 0; while i < n do select i; set i = i + 1; end while; end',
    )
    const events = await call('call loops(102)')
    expect(await tables(events)).toHaveLength(100)
    expect(events.findLast(({ type }) => type === 'done')).toMatchObject({
      rows: 1,
      note: '2 more results were given, beyond the 100 that are shown.',
    })
    expect(ends(await call('call loops(0)'))).toEqual(['null'])
  })

  test('takes part in a transaction that is ended by hand', async () => {
    await fresh.sql('create table kept (n int)')
    await fresh.sql(
      'create procedure adds() begin insert into kept values (1); select count(*) from kept; select 2; end',
    )
    const events = await call('call adds()', { manual: true })
    expect(await tables(events)).toEqual([[['1']], [['2']]])
    expect(await api.client.queries.rollback({ session: 'tab' })).toMatchObject({ transaction: 'idle' })
    expect(await fresh.sql('select * from kept')).toEqual([])
  })

  test('stands in scripts for the command line of the database as well', async () => {
    const script = `DELIMITER //
      create procedure two() begin select 1; select ';//'; end //
      begin not atomic declare n int default 5; select n; select n--1 as m; end //
      DELIMITER ;
      call two(); /*!50000 select 7 as v */; /*!999999 select 8 as v */; /*M!100100 select 9; */;
      if true then select 10; select 11; end if`
    const events = await call(script)
    expect(await tables(events)).toEqual([[['5']], [['6']], [['1']], [[';//']], [['7']], [['9']], [['10']], [['11']]])
    expect(ends(events)).toEqual(['null', '1', '1', '1', '1', '1', 'null', '1', '1', '1'])
  })

  test('a trigger that another is to follow and that is not there is named', async () => {
    await api.run('create table followed (id int)')
    const sql = 'create trigger late after insert on followed for each row follows early set @n = 1'
    expect((await api.run(sql)).find((event) => event.type === 'failed')?.error).toMatchObject({
      code: 'QUERY_MISSING',
      message: expect.stringContaining('early'),
    })
  })
})
