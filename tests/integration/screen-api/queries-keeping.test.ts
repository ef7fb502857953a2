import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LiveConnections } from '../../../src-main/services/live-connections.ts'
import { QuerySessions } from '../../../src-main/services/queries/sessions.ts'
import { changeSettings } from '../../../src-main/services/settings.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

let api: Awaited<ReturnType<typeof queriesApi>>
beforeAll(async () => {
  api = await queriesApi({ db: 'sqlite:shop.db', locked: { dialect: 'sqlite', file: 'shop.db', readOnly: true } })
  const database = new DatabaseSync(join(api.home, 'shop.db'))
  database.exec(`create table plain (n integer primary key, t text);
    create table mixed (id integer primary key, n integer, d date);
    insert into mixed values (1, 10, '2024-01-01'), (2, 'ten', 'no date'), (3, null, x'00ff')`)
  database.close()
})
afterAll(() => api[Symbol.asyncDispose]())

const forever = 'with recursive n(i) as (select 1 union all select i + 1 from n) select i, i * 2 as twice from n'
const history = (search = '', more: { limit?: number; offset?: number; connection?: string } = {}) =>
  api.client.queries.history({ search, ...more })

describe('rows', () => {
  test('of a query that still runs can be read, and stay when it is stopped', async () => {
    let seen: { rows: (string | null)[][]; complete: boolean } | undefined
    let source = { query: '', statement: 0 }
    for await (const event of await api.start(forever)) {
      if (event.type !== 'rows') continue
      source = { query: event.query, statement: event.statement }
      await expect
        .poll(async () => (await api.client.results.window({ source, offset: 0, limit: 200 })).rows.length)
        .toBe(100)
      seen = await api.client.results.window({ source, offset: 0, limit: 200 })
      await api.client.queries.stop({ session: 'tab' })
    }
    expect(seen?.complete).toBe(false)
    expect(seen?.rows.at(-1)).toEqual(['100', '200'])
    const left = await api.client.results.window({ source, offset: 0, limit: 200 })
    expect(left).toMatchObject({ complete: true, total: 100 })
    await expect(api.client.results.profile({ source })).rejects.toMatchObject({ data: { code: 'RUN_STATE' } })
  })

  test('come with the news that there are some, where a whole page of them is there at once', async () => {
    const firstOf = async (sql: string) => (await api.run(sql)).find((event) => event.type === 'rows')?.first
    const hundred = Array.from({ length: 150 }, (_, n) => `(${n}, 'row ${n}')`).join(', ')
    const inserted = await firstOf(`insert into plain values ${hundred} returning n, t`)
    expect(inserted).toMatchObject({ total: 100, complete: false, cut: [] })
    expect(inserted?.columns.map(({ name }) => name)).toEqual(['n', 't'])
    expect(inserted?.rows.at(-1)).toEqual(['99', 'row 99'])
    expect(await firstOf('delete from plain where n > 97 and n < 100 returning n')).toBeUndefined()
    expect(await firstOf('update plain set t = hex(zeroblob(1000)) returning t')).toBeUndefined()
  })

  test('that a column of SQLite cannot hold are shown as text', async () => {
    const events = await api.run('select n, d from mixed order by id')
    expect(events.find(({ type }) => type === 'done')).toMatchObject({ rows: 3, note: expect.stringContaining('text') })
    expect((await api.rows('select n, id from mixed order by id')).slice(0, 2)).toEqual([
      ['10', '1'],
      ['ten', '2'],
    ])
  })

  test('beside one that its column cannot hold are shown as ever: bytes, infinities and all digits', async () => {
    const odd =
      "select 2 as id, 'a ' || char(233) as t, x'00ff27' as x, -9e999 as r union all select 'x', x'ff', x'', 0.1 + 0.2"
    expect(await api.rows(odd)).toEqual([
      ['2', 'a é', '\\x00ff27', '-Infinity'],
      ['x', '\\xff', '\\x', '0.30000000000000004'],
    ])
  })

  test('can be sorted beyond memory though no pipeline has run: there is a folder to spill to', async () => {
    const spill = join(api.workspace.home, 'runs', 'tmp')
    expect(await api.rows('select id from mixed')).toHaveLength(3)
    expect(existsSync(spill)).toBe(true)
  })

  test('keep to the disk budget', async () => {
    await changeSettings(api.workspace.settings, { diskBudgetMb: 100, memoryMb: 128 })
    const wide = `with recursive n(i) as (select 1 union all select i + 1 from n) select hex(randomblob(4000)) as x from n`
    const events = await api.run(wide)
    expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'LIMIT_DISK' } })
    expect(await api.rows('select 1')).toEqual([['1']])
    await changeSettings(api.workspace.settings, { diskBudgetMb: 20_480, memoryMb: 1_024 })
  })

  test('of long values are kept in little memory', async () => {
    await changeSettings(api.workspace.settings, { memoryMb: 128 })
    const long = `with recursive n(i) as (select 1 union all select i + 1 from n where i < 140000) select i, hex(zeroblob(4000)) as x from n`
    const events = await api.run(long)
    expect(events.find(({ type }) => type === 'done')).toMatchObject({ rows: 140_000 })
    await changeSettings(api.workspace.settings, { memoryMb: 1_024 })
  })

  test('left by a process that died are removed, those of one that lives stay', async () => {
    const root = join(api.workspace.home, 'queries', 'rows')
    await api.run('select 1')
    const [own = ''] = await readdir(root)
    mkdirSync(join(root, '999999999-gone'), { recursive: true })
    writeFileSync(join(root, '999999999-gone', 'a.duckdb'), '')
    await api.sessions.rows.removeLeftovers()
    expect(await readdir(root)).toEqual([own])
    const live = new LiveConnections(api.workspace)
    const other = new QuerySessions(api.workspace, live)
    await other.closeAll()
    await live.close()
    expect(existsSync(join(root, own))).toBe(true)
  })
})

describe('the history', () => {
  test('keeps statements as they were written, without values and secrets', async () => {
    await api.client.queries.forget({})
    api.workspace.redactor.add('hunter2')
    const params = { v: { type: 'text' as const, value: 'a value' } }
    await api.run('select :v as "hunter2"; select 1 from nowhere', { params })
    await api.run("create user x identified by 'very secret'")
    const entries = await history()
    expect(entries.map(({ sql, state }) => [sql, state])).toEqual([
      ["create user x identified by '••••'", 'failed'],
      ['select 1 from nowhere', 'failed'],
      ['select :v as "••••"', 'done'],
    ])
    expect(entries[1]?.error).toContain('nowhere')
    expect(entries[2]).toMatchObject({ connection: 'db', rows: 1, affected: null, error: null })
    expect(JSON.stringify(entries)).not.toMatch(/a value|very secret|hunter2/)
  })

  test('is searched among ten thousand, by all words, case left aside', async () => {
    await api.client.queries.forget({})
    for (let at = 0; at < 10_000; at++) {
      const entry = {
        id: `e${at}`,
        connection: at % 2 === 0 ? 'shop' : 'lake',
        sql: `SELECT * FROM "Orders_${at}" WHERE note LIKE '100%_'`,
        at: new Date(1_700_000_000_000 + at * 1000).toISOString(),
        ms: 1,
        rows: at,
        affected: null,
        state: 'done' as const,
        error: null,
      }
      await api.workspace.queries.add(entry)
    }
    const ids = async (...given: Parameters<typeof history>) => (await history(...given)).map(({ id }) => id)
    expect(await ids('orders_123')).toEqual([...Array.from({ length: 10 }, (_, last) => `e${1239 - last}`), 'e123'])
    expect(await ids('ORDERS_777 lake')).toEqual(['e7779', 'e7777', 'e7775', 'e7773', 'e7771', 'e777'])
    expect(await ids('100%_', { limit: 2, offset: 1 })).toEqual(['e9998', 'e9997'])
    expect(await ids('', { connection: 'lake', limit: 1 })).toEqual(['e9999'])
    expect(await ids('orders_x')).toEqual([])
    await api.client.queries.forget({ ids: ['e9999'] })
    expect(await ids('', { limit: 1 })).toEqual(['e9998'])
  })
})

describe('saved queries', () => {
  test('are files that are listed, replaced on purpose, renamed and deleted', async () => {
    const { save, saved, renameSaved, removeSaved } = api.client.queries
    const first = await save({ name: 'Ärger & Co', connection: 'db', sql: 'select 1;\n' })
    await save({ name: 'Any', connection: null, sql: '-- connection of mine\nselect 2' })
    expect(await saved()).toMatchObject([
      { name: 'Any', connection: null, sql: '-- connection of mine\nselect 2' },
      { name: 'Ärger & Co', connection: 'db', sql: 'select 1;\n' },
    ])
    await expect(save({ name: 'Any', connection: null, sql: 'x' })).rejects.toMatchObject({
      data: { code: 'FILE_CONFLICT' },
    })
    await save({ name: 'Any', connection: null, sql: 'select 3', replace: true })
    await expect(renameSaved({ path: first.path, name: 'Any' })).rejects.toMatchObject({
      data: { code: 'FILE_CONFLICT' },
    })
    const renamed = await renameSaved({ path: first.path, name: 'Calm' })
    await removeSaved({ path: renamed.path })
    expect((await saved()).map(({ sql }) => sql)).toEqual(['select 3'])
  })

  test.each(['../x', 'a/b', '.hidden', '', 'a:b'])('are not called %j', async (name) => {
    const failure = await api.client.queries
      .save({ name: name || ' ', connection: null, sql: '' })
      .catch((thrown) => thrown)
    expect(failure).toMatchObject({ data: { code: 'CONFIG_INVALID' } })
  })

  test('are the only files that can be removed', async () => {
    const path = join(api.home, 'connections.json')
    await expect(api.client.queries.removeSaved({ path })).rejects.toMatchObject({ data: { code: 'FILE_DENIED' } })
    expect(existsSync(path)).toBe(true)
  })
})

test('a read-only connection is not written to, by statement or by cell', async () => {
  const events = await api.run("insert into mixed values (9, 9, '')", { session: 'ro', connection: 'locked' })
  expect(events.find(({ type }) => type === 'failed')).toMatchObject({ error: { code: 'QUERY_READ_ONLY' } })
  const place = { connection: 'locked', folder: api.home }
  expect(await api.client.queries.editable({ ...place, sql: 'select * from mixed' })).toMatchObject({ table: null })
  const edits = [{ kind: 'delete' as const, key: { id: '1' } }]
  const edit = api.client.queries.edit({ session: 'ro', ...place, schema: null, table: 'mixed', edits, apply: true })
  await expect(edit).rejects.toMatchObject({ data: { code: 'QUERY_READ_ONLY' } })
})
