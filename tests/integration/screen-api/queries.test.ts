import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { QueryEvent, RowEdit } from '../../../shared/contract/queries.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

interface Subject {
  url: string
  /** Ends every connection of the server's database but the asking one; absent where there is no server. */
  cut?(): Promise<void>
  /** Statements at the server that match; absent where there is no server. */
  running?(text: string): Promise<number>
  numbers: string
  slow: string
  drop(): Promise<void>
}

const subjects: Record<string, () => Promise<Subject>> = {
  SQLite: async () => ({
    url: 'sqlite:shop.db',
    numbers:
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000) select i, i % 7 as k from n',
    slow: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
    drop: async () => undefined,
  }),
  Postgres: async () => {
    const fresh = await freshDatabase()
    return {
      url: fresh.url,
      numbers: 'select i, i % 7 as k from generate_series(1, 200000) i',
      slow: 'select count(*) from generate_series(1, 1000000000) i, pg_sleep(0.001)',
      cut: async () => {
        await fresh.sql(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
      },
      running: async (text) => {
        const [row] = await fresh.sql(
          `select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active' and query like $1 and pid <> pg_backend_pid()`,
          [`%${text}%`],
        )
        return Number(row?.n)
      },
      drop: fresh.drop,
    }
  },
  MariaDB: async () => {
    const fresh = await freshMariaDb()
    return {
      url: fresh.url,
      numbers: 'select seq as i, seq % 7 as k from seq_1_to_200000',
      slow: 'select sleep(3600) as n',
      cut: async () => {
        const sessions = await fresh.sql(
          'select id from information_schema.processlist where db = ? and id <> connection_id()',
          [fresh.name],
        )
        for (const { id } of sessions) await fresh.sql(`kill connection ${Number(id)}`)
      },
      running: async (text) => {
        const [row] = await fresh.sql(
          'select count(*) as n from information_schema.processlist where db = database() and info like ? and id <> connection_id()',
          [`%${text}%`],
        )
        return Number(row?.n)
      },
      drop: fresh.drop,
    }
  },
}

const kinds = (events: readonly QueryEvent[]) => events.map(({ type }) => type).filter((type) => type !== 'progress')
const ended = (events: readonly QueryEvent[]) =>
  events.filter((event) => event.type === 'done' || event.type === 'failed')

describe.each(Object.entries(subjects))('%s', (name, open) => {
  let subject: Subject
  let api: Awaited<ReturnType<typeof queriesApi>>
  beforeAll(async () => {
    subject = await open()
    api = await queriesApi({ db: subject.url, guarded: { url: subject.url, environment: 'production' } })
    if (name === 'SQLite') await writeFile(join(api.home, 'shop.db'), '')
    await api.run(
      "create table items (id integer primary key, name varchar(40), price decimal(10,2)); insert into items values (1, 'one', 1.50), (2, null, 2.25)",
    )
  })
  afterAll(async () => {
    await api[Symbol.asyncDispose]()
    await subject.drop()
  })

  test('rows are kept, sorted and counted, however many', async () => {
    const events = await api.run(subject.numbers)
    expect(kinds(events)).toEqual(['statement', 'rows', 'done', 'session'])
    expect(ended(events)).toMatchObject([{ rows: 200_000, affected: null }])
    const rows = events.find((event) => event.type === 'rows')
    const source = { query: rows?.query ?? '', statement: 0 }
    const view = {
      sort: [
        { column: 'k', direction: 'desc' as const },
        { column: 'i', direction: 'desc' as const },
      ],
    }
    const window = await api.client.results.window({ source, view, offset: 1, limit: 2 })
    expect(window).toMatchObject({
      total: 200_000,
      complete: true,
      rows: [
        ['199989', '6'],
        ['199982', '6'],
      ],
    })
  })

  test('each statement has its result, and the first failure ends them', async () => {
    const text =
      "select 1 as a;\n\n-- the second\nselect id, name from items order by id;\n  select 'ä', * from nowhere;\nselect 3"
    const events = await api.run(text)
    expect(ended(events)).toMatchObject([
      { statement: 0, rows: 1 },
      { statement: 1, rows: 2 },
      { statement: 2, type: 'failed' },
    ])
    const began = events.flatMap((event) =>
      event.type === 'statement' ? [text.slice(event.position).split(/[\s;]/)[0]] : [],
    )
    expect(began).toEqual(['select', 'select', 'select'])
    const failed = events.find((event) => event.type === 'failed')
    if (name !== 'MariaDB') expect(failed?.error.at?.position).toBe(text.indexOf('nowhere'))
    const rows = events.filter((event) => event.type === 'rows')
    const second = await api.client.results.window({
      source: { query: rows[1]?.query ?? '', statement: 1 },
      offset: 0,
      limit: 9,
    })
    expect(second.rows).toEqual([
      ['1', 'one'],
      ['2', null],
    ])
  })

  test('values are bound as their type', async () => {
    const params = { name: { type: 'text' as const, value: "o'ne" }, low: { type: 'int' as const, value: '1' } }
    await api.run('insert into items values (:low + 10, :name, 0)', { params })
    expect(await api.rows('select name from items where id > :low and name = :name', { params })).toEqual([["o'ne"]])
    const events = api.run('select :other', { params })
    await expect(events).rejects.toMatchObject({ data: { code: 'CONFIG_PARAMETER', at: { field: 'other' } } })
    await api.run('delete from items where id > 10')
  })

  test('wide decimals come out exact', async () => {
    if (name === 'SQLite') return
    const values = [
      '99999999999999999999.999999',
      '-99999999999999999999.999999',
      '-0.000001',
      '12345678901234567890',
      '0',
    ]
    const fields = values.map((value) => `cast('${value}' as decimal(26,6))`)
    const whole = "cast('18446744073709551615' as decimal(20,0))"
    const [row] = await api.rows(`select ${fields.join(', ')}, ${whole}`)
    expect(row).toEqual([
      '99999999999999999999.999999',
      '-99999999999999999999.999999',
      '-0.000001',
      '12345678901234567890.000000',
      '0.000000',
      '18446744073709551615',
    ])
  })

  test('a transaction by hand stays open until it is ended by hand', async () => {
    const other = { session: 'other' }
    const events = await api.run("update items set name = 'held' where id = 2", { manual: true })
    expect(events.at(-1)).toMatchObject({ type: 'session', state: { transaction: 'open', since: expect.any(String) } })
    expect(await api.rows('select name from items where id = 2', other)).toEqual([[null]])
    expect(await api.client.queries.rollback({ session: 'tab' })).toMatchObject({ transaction: 'idle', since: null })
    expect(await api.rows('select name from items where id = 2')).toEqual([[null]])
    await api.run("update items set name = 'kept' where id = 2", { manual: true })
    await api.client.queries.commit({ session: 'tab' })
    expect(await api.rows('select name from items where id = 2', other)).toEqual([['kept']])
    await api.run('update items set name = null where id = 2')
    await api.client.queries.close(other)
  })

  test('what may do harm is asked before, and not run', async () => {
    const text = 'select 1;\n delete from items;\ndrop table items; update items set name = name where id = 1'
    const [asked, ...more] = await api.run(text)
    expect(more).toEqual([])
    expect(asked).toMatchObject({
      type: 'cautions',
      cautions: [
        { kind: 'no-where', statement: 1 },
        { kind: 'drop', statement: 2 },
      ],
    })
    expect(await api.rows('select count(*) from items')).toEqual([['2']])
    const [production] = await api.run('update items set name = name where id = 1', {
      connection: 'guarded',
      session: 'p',
    })
    expect(production).toMatchObject({ type: 'cautions', cautions: [{ kind: 'production' }] })
    expect(kinds(await api.run('select 1', { connection: 'guarded', session: 'p' }))).toEqual([
      'statement',
      'rows',
      'done',
      'session',
    ])
    await api.client.queries.close({ session: 'p' })
  })

  test('Stop ends the statement at the server, and the tab goes on', async () => {
    const events: QueryEvent[] = []
    for await (const event of await api.start(`${subject.slow}; select 2`, { sure: true })) {
      events.push(event)
      if (event.type !== 'statement') continue
      if (subject.running) await expect.poll(() => subject.running?.(subject.slow)).toBe(1)
      await api.client.queries.stop({ session: 'tab' })
    }
    expect(ended(events)).toMatchObject([{ type: 'failed', error: { code: 'RUN_CANCELLED' } }])
    if (subject.running) expect(await subject.running(subject.slow)).toBe(0)
    expect(await api.rows('select 4')).toEqual([['4']])
  })

  test('closing the stream stops too', async () => {
    for await (const event of await api.start(subject.slow)) if (event.type === 'statement') break
    await expect.poll(async () => (await api.client.queries.state({ session: 'tab' })).running).toBe(false)
    if (subject.running) await expect.poll(() => subject.running?.(subject.slow)).toBe(0)
  })

  test('a lost connection opens again, but a lost transaction must be seen first', async () => {
    if (!subject.cut) return
    await api.rows('select 1')
    await subject.cut()
    await expect.poll(() => api.rows('select 5').catch(() => 'lost')).toEqual([['5']])
    await api.run("update items set name = 'gone' where id = 1", { manual: true })
    await subject.cut()
    await expect.poll(async () => (await api.client.queries.state({ session: 'tab' })).transaction).toBe('lost')
    await expect(api.run('select 6')).rejects.toMatchObject({ data: { code: 'CONNECTION_LOST' } })
    expect(await api.client.queries.reconnect({ session: 'tab' })).toMatchObject({ transaction: 'idle' })
    expect(await api.rows('select name from items where id = 1')).toEqual([['one']])
  })

  test('a statement that changes and gives rows runs once', async () => {
    const events = await api.run("insert into items (id, name) values (20, 'x'), (21, 'y') returning id, name")
    expect(ended(events)).toMatchObject([{ type: 'done', rows: 2, affected: 2 }])
    expect(await api.rows('delete from items where id >= 20 returning id')).toHaveLength(2)
    expect(await api.rows('select count(*) from items')).toEqual([['2']])
  })

  test('rows of a tab go with it, and with its next query', async () => {
    const files = async () => {
      const folder = join(api.workspace.home, 'queries', 'rows')
      const all = await readdir(folder, { recursive: true })
      return all.filter((file) => file.endsWith('.duckdb')).length
    }
    await api.run('select 1; select 2', { session: 'short' })
    const before = await files()
    await api.run('select 1', { session: 'short' })
    expect(await files()).toBe(before - 1)
    await api.client.queries.close({ session: 'short' })
    expect(await files()).toBe(before - 2)
  })

  test('the plan is a tree', async () => {
    const ask = (sql: string, analyze = false) =>
      api.client.queries.explain({
        session: 'tab',
        ...api.place,
        sql,
        analyze,
        params: { id: { type: 'int', value: '1' } },
      })
    const { plan } = await ask('select * from items a join items b on a.id = b.id where a.id > :id')
    const titles = JSON.stringify(plan)
    expect(titles).toMatch(/items|\bon a\b|SCAN a|SEARCH a/)
    if (name === 'SQLite') {
      await expect(ask('select 1', true)).rejects.toMatchObject({ data: { code: 'CONFIG_INVALID' } })
      return
    }
    expect(titles).toMatch(/"rows":\d/)
    const went = await ask('update items set price = 99 where id > 0', true)
    expect(JSON.stringify(went.plan)).toMatch(/"ms":/)
    expect(await api.rows('select count(*) from items where price = 99')).toEqual([['0']])
  })

  test('cells of one table are changed, all or none', async () => {
    await api.run('delete from items where id > 2')
    const place = { session: 'tab', ...api.place }
    const found = await api.client.queries.editable({
      ...api.place,
      sql: 'select id, price, upper(name) as u from items i where id < 9 order by id',
    })
    expect(found).toMatchObject({ table: { table: 'items', columns: ['id', 'price', null], keys: ['id'] } })
    for (const sql of [
      'select name from items',
      'select a.id from items a, items b',
      'select count(*) from items',
      'select id from items union select 1',
      'select 1',
    ])
      expect(await api.client.queries.editable({ ...api.place, sql }), sql).toMatchObject({
        table: null,
        reason: expect.any(String),
      })
    const table = { schema: found.table?.schema ?? null, table: 'items' }
    const edits: RowEdit[] = [
      { kind: 'update', key: { id: '1' }, before: { price: '1.50' }, after: { price: '3.75', name: "it's" } },
      { kind: 'insert', after: { id: '3', name: 'three' } },
      { kind: 'delete', key: { id: '2' }, before: {} },
    ]
    const shown = await api.client.queries.edit({ ...place, ...table, edits })
    expect(shown).toMatchObject({
      applied: false,
      sql: [expect.stringContaining("'it''s'"), expect.stringContaining('INSERT'), expect.stringContaining('DELETE')],
    })
    expect(await api.rows('select count(*) from items where id in (1, 2)')).toEqual([['2']])
    expect(await api.client.queries.edit({ ...place, ...table, edits, apply: true })).toMatchObject({ applied: true })
    expect(await api.rows('select id, name, price from items order by id')).toEqual([
      ['1', "it's", '3.75'],
      ['3', 'three', null],
    ])
    const stale: RowEdit[] = [
      { kind: 'delete', key: { id: '3' }, before: {} },
      { ...edits[0], kind: 'update' as const, key: { id: '1' }, before: { price: '1.50' }, after: { price: '9' } },
    ]
    expect(await api.client.queries.edit({ ...place, ...table, edits: stale, apply: true })).toMatchObject({
      applied: false,
      conflicts: [{ edit: 1, theirs: { price: '3.75' } }],
    })
    expect(await api.rows('select count(*) from items')).toEqual([['2']])
  })
})
