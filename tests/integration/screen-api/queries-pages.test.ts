import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

const subjects = {
  SQLite: {
    open: undefined,
    forever: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
  },
  Postgres: { open: freshDatabase, forever: 'select pg_sleep(3600)' },
  MariaDB: { open: freshMariaDb, forever: 'select sleep(3600)' },
}

/** A workspace whose pages have so long to come back, with a table `t` of one row. */
async function opened(open: (() => Promise<{ url: string; drop(): Promise<void> }>) | undefined, graceMs: number) {
  const fresh = await open?.()
  const api = await queriesApi({ db: fresh?.url ?? 'sqlite:shop.db' }, { graceMs })
  if (!fresh) await writeFile(join(api.home, 'shop.db'), '')
  await api.run('create table t (id int primary key, n int)')
  await api.run('insert into t values (1, 1)')
  return {
    ...api,
    files: async () => {
      const all = await readdir(join(api.workspace.home, 'queries', 'rows'), { recursive: true }).catch(() => [])
      return all.filter((file) => file.endsWith('.duckdb')).length
    },
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]()
      await fresh?.drop()
    },
  }
}

/** Long enough that no test sees it end. */
const always = 600_000

describe.each(Object.entries(subjects))('%s', (_name, { open, forever }) => {
  test('a page that does not come back loses its session: transaction, rows and what runs', async () => {
    await using api = await opened(open, 1)
    const page = {}
    const client = api.clientOf(page)
    const wish = { session: 'mine', ...api.place }
    await api.client.queries.close({ session: 'tab' })
    for await (const _ of await client.queries.run({ ...wish, sql: 'select 1' }));
    expect(await api.files()).toBe(1)
    for await (const _ of await client.queries.run({ ...wish, sql: 'update t set n = 2 where id = 1', manual: true }));
    expect(await client.queries.state({ session: 'mine' })).toMatchObject({ transaction: 'open' })
    const running = await client.queries.run({ ...wish, sql: forever })
    for await (const event of running) if (event.type === 'statement') break
    api.sessions.leave(page)
    await expect.poll(async () => (await api.client.queries.state({ session: 'mine' })).transaction).toBe('idle')
    // Writing needs the lock that the transaction held.
    await expect.poll(() => api.rows('select n from t')).toEqual([['1']])
    await api.run('update t set n = 3 where id = 1')
    expect(await api.rows('select n from t')).toEqual([['3']])
    await api.client.queries.close({ session: 'tab' })
    await expect.poll(api.files).toBe(0)
  })

  test('a page that comes back finds what ran, and what still runs', async () => {
    await using api = await opened(open, always)
    const [before, after] = [{}, {}]
    const old = api.clientOf(before)
    const wish = { session: 'mine', ...api.place, manual: true }
    const running = (async () => {
      const events = await old.queries.run({ ...wish, sql: `select n from t; ${forever}`, offset: 100 })
      for await (const event of events) {
        if (event.type !== 'statement' || event.statement !== 1) continue
        api.sessions.leave(before)
        // As a lost socket does: nobody reads any more.
        break
      }
    })()
    await running
    const client = api.clientOf(after)
    expect(await client.queries.state({ session: 'mine' })).toMatchObject({ transaction: 'open', running: true })
    const events: QueryEvent[] = []
    for await (const event of await client.queries.follow({ session: 'mine' })) {
      events.push(event)
      if (event.type === 'statement' && event.statement === 1) await client.queries.stop({ session: 'mine' })
    }
    const statements = events.filter((event) => event.type === 'statement')
    expect(statements.map(({ position }) => position)).toEqual([100, 117])
    expect(events.at(-1)).toMatchObject({ type: 'session', state: { running: false } })
    const rows = events.find((event) => event.type === 'rows')
    const source = { query: rows?.query ?? '', statement: 0 }
    expect((await client.results.window({ source, offset: 0, limit: 5 })).rows).toEqual([['1']])
  })
})

test('a session that two pages show lives until both are gone', async () => {
  await using api = await opened(undefined, 1)
  const [one, two] = [{}, {}]
  const wish = { session: 'both', ...api.place, manual: true }
  for await (const _ of await api.clientOf(one).queries.run({ ...wish, sql: 'update t set n = 2', sure: true }));
  const other = api.clientOf(two)
  await other.queries.state({ session: 'both' })
  api.sessions.leave(one)
  for await (const _ of await other.queries.run({ ...wish, sql: 'select 1' }));
  expect(await other.queries.state({ session: 'both' })).toMatchObject({ transaction: 'open' })
  api.sessions.leave(two)
  await expect.poll(async () => (await api.client.queries.state({ session: 'both' })).transaction).toBe('idle')
  expect(await api.rows('select n from t')).toEqual([['1']])
})
