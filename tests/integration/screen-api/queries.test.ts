import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeDatabases, ended, kinds } from './queries-subjects.ts'

describeDatabases((bench) => {
  test('rows are kept, sorted and counted, however many', async () => {
    const events = await bench.api.run(bench.subject.numbers)
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
    const window = await bench.api.client.results.window({ source, view, offset: 1, limit: 2 })
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
    const events = await bench.api.run(text)
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
    if (bench.name !== 'MariaDB') expect(failed?.error.at?.position).toBe(text.indexOf('nowhere'))
    const rows = events.filter((event) => event.type === 'rows')
    const second = await bench.api.client.results.window({
      source: { query: rows[1]?.query ?? '', statement: 1 },
      offset: 0,
      limit: 9,
    })
    expect(second.rows).toEqual([
      ['1', 'one'],
      ['2', null],
    ])
  })

  test('only what changes rows says how many', async () => {
    const sql = 'begin; update items set id = id where id < 0; rollback; create table said (a int); drop table said'
    const events = ended(await bench.api.run(sql, { sure: true, session: 'said' }))
    expect(events.map((event) => (event.type === 'done' ? event.affected : event.error))).toEqual([
      null,
      0,
      null,
      null,
      null,
    ])
  })

  test('values are bound as their type', async () => {
    const params = { name: { type: 'text' as const, value: "o'ne" }, low: { type: 'int' as const, value: '1' } }
    await bench.api.run('insert into items values (:low + 10, :name, 0)', { params })
    expect(await bench.api.rows('select name from items where id > :low and name = :name', { params })).toEqual([
      ["o'ne"],
    ])
    const events = bench.api.run('select :other', { params })
    await expect(events).rejects.toMatchObject({ data: { code: 'CONFIG_PARAMETER', at: { field: 'other' } } })
    await bench.api.run('delete from items where id > 10')
  })

  test('wide decimals come out exact', async () => {
    if (bench.name === 'SQLite') return
    const values = [
      '99999999999999999999.999999',
      '-99999999999999999999.999999',
      '-0.000001',
      '12345678901234567890',
      '0',
    ]
    const fields = values.map((value) => `cast('${value}' as decimal(26,6))`)
    const whole = "cast('18446744073709551615' as decimal(20,0))"
    const [row] = await bench.api.rows(`select ${fields.join(', ')}, ${whole}`)
    expect(row).toEqual([
      '99999999999999999999.999999',
      '-99999999999999999999.999999',
      '-0.000001',
      '12345678901234567890.000000',
      '0.000000',
      '18446744073709551615',
    ])
  })

  test('what may do harm is asked before, and not run', async () => {
    const text = 'select 1;\n delete from items;\ndrop table items; update items set name = name where id = 1'
    const [asked, ...more] = await bench.api.run(text)
    expect(more).toEqual([])
    expect(asked).toMatchObject({
      type: 'cautions',
      cautions: [
        { kind: 'no-where', statement: 1 },
        { kind: 'drop', statement: 2 },
      ],
    })
    expect(await bench.api.rows('select count(*) from items')).toEqual([['2']])
    const [production] = await bench.api.run('update items set name = name where id = 1', {
      connection: 'guarded',
      session: 'p',
    })
    expect(production).toMatchObject({ type: 'cautions', cautions: [{ kind: 'production' }] })
    expect(kinds(await bench.api.run('select 1', { connection: 'guarded', session: 'p' }))).toEqual([
      'statement',
      'rows',
      'done',
      'session',
    ])
    await bench.api.client.queries.close({ session: 'p' })
  })

  test('a statement that changes and gives rows runs once', async () => {
    const events = await bench.api.run("insert into items (id, name) values (20, 'x'), (21, 'y') returning id, name")
    expect(ended(events)).toMatchObject([{ type: 'done', rows: 2, affected: 2 }])
    expect(await bench.api.rows('delete from items where id >= 20 returning id')).toHaveLength(2)
    expect(await bench.api.rows('select count(*) from items')).toEqual([['2']])
  })

  test('rows of a tab go with it, and with its next query', async () => {
    const files = async () => {
      const folder = join(bench.api.workspace.home, 'queries', 'rows')
      const all = await readdir(folder, { recursive: true })
      return all.filter((file) => file.endsWith('.duckdb')).length
    }
    await bench.api.run('select 1; select 2', { session: 'short' })
    const before = await files()
    await bench.api.run('select 1', { session: 'short' })
    expect(await files()).toBe(before - 1)
    await bench.api.client.queries.close({ session: 'short' })
    expect(await files()).toBe(before - 2)
  })

  test('the plan is a tree', async () => {
    const ask = (sql: string, analyze = false) =>
      bench.api.client.queries.explain({
        session: 'tab',
        ...bench.api.place,
        sql,
        analyze,
        params: { id: { type: 'int', value: '1' } },
      })
    const { plan } = await ask('select * from items a join items b on a.id = b.id where a.id > :id')
    const titles = JSON.stringify(plan)
    expect(titles).toMatch(/items|\bon a\b|SCAN a|SEARCH a/)
    if (bench.name === 'SQLite') {
      await expect(ask('select 1', true)).rejects.toMatchObject({ data: { code: 'CONFIG_INVALID' } })
      return
    }
    expect(titles).toMatch(/"rows":\d/)
    for (const analyze of [false, true]) {
      const wrong = '-- first\n select id from items where nope = 1'
      const at = { position: wrong.indexOf('nope') }
      await expect(ask(wrong, analyze)).rejects.toMatchObject({ data: { code: 'QUERY_MISSING', at } })
    }
    const went = await ask('update items set price = 99 where id > 0', true)
    expect(JSON.stringify(went.plan)).toMatch(/"ms":/)
    expect(await bench.api.rows('select count(*) from items where price = 99')).toEqual([['0']])
  })
})
