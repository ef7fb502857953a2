import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LiveConnections } from '../../../src-main/services/live-connections.ts'
import type { Doc } from '../../helpers/engine.ts'
import { lookApi, spelled, table } from './look-api.ts'

let api: Awaited<ReturnType<typeof lookApi>>
beforeAll(async () => {
  api = await lookApi()
})
afterAll(() => api[Symbol.asyncDispose]())

describe('connections for looking', () => {
  // Other tests use the same server at the same time, in databases of their own.
  const ours = "from pg_stat_activity where application_name = 'sluice' and datname = current_database()"
  const backends = async () => Number((await api.fresh.sql(`select count(*) n ${ours}`))[0]?.n)

  test('are opened once for any number of looks', async () => {
    await api.lookAt({ nodes: { orders: table('pg', 'orders') } })
    const before = await backends()
    const open = api.live.size
    for (let id = 1; id <= 5; id++) {
      const sql = `select id + ${id} as n from orders`
      await api.lookAt({ nodes: { orders: { kind: 'query', config: { connection: 'pg', sql } } } })
    }
    expect(await backends()).toBe(before)
    expect(api.live.size).toBe(open)
  })

  test('believe a description for a moment, and not after a refresh', async () => {
    await api.fresh.sql('create table changing (a int)')
    const doc: Doc = { nodes: { t: { kind: 'query', config: { connection: 'pg', sql: 'select * from changing' } } } }
    expect(spelled(await api.lookAt(doc), 't')).toEqual(['a int32'])
    await api.fresh.sql('alter table changing add b text')
    expect(spelled(await api.lookAt(doc), 't')).toEqual(['a int32'])
    api.live.refresh()
    expect(spelled(await api.lookAt(doc), 't')).toEqual(['a int32', 'b text'])
  })

  test('survive a lost link and another file in the place of a database', async () => {
    await api.lookAt({ nodes: { orders: table('pg', 'orders') } })
    await api.fresh.sql(`select pg_terminate_backend(pid) ${ours}`)
    api.live.refresh()
    await expect
      .poll(async () => spelled(await api.lookAt({ nodes: { orders: table('pg', 'orders') } }), 'orders'))
      .toHaveLength(3)
    const doc: Doc = { nodes: { c: table('shop', 'customers') } }
    expect(spelled(await api.lookAt(doc), 'c')).toEqual(['id int64', 'name text'])
    const other = new DatabaseSync(join(api.folder, 'other.db'))
    other.exec('create table customers (code text)')
    other.close()
    await rename(join(api.folder, 'shop.db'), join(api.folder, 'old.db'))
    await rename(join(api.folder, 'other.db'), join(api.folder, 'shop.db'))
    expect(spelled(await api.lookAt(doc), 'c')).toEqual(['code text'])
    await rename(join(api.folder, 'shop.db'), join(api.folder, 'other.db'))
    await rename(join(api.folder, 'old.db'), join(api.folder, 'shop.db'))
  })

  test('close when nobody uses them', async () => {
    await using live = new LiveConnections(api.workspace, { idleMs: 20 })
    const where = { folder: api.folder, cwd: api.folder }
    const one = await live.open('shop', where)
    const two = await live.open('shop', where)
    expect(live.size).toBe(1)
    await one.close()
    await one.close()
    expect(await two.tables()).toHaveLength(1)
    await two.close()
    await expect.poll(() => live.size).toBe(0)
  })

  test('serve tables, a table and descriptions', async () => {
    const { folder } = api
    const { connections } = api.client
    expect(await connections.tables({ connection: 'shop', folder })).toEqual([
      { schema: null, name: 'customers', kind: 'table' },
    ])
    const found = await connections.table({ connection: 'pg', folder, schema: null, table: 'orders' })
    expect(found?.columns.map(({ name }) => name)).toEqual(['id', 'amount', 'placed'])
    expect(found?.keys).toEqual([['id']])
    expect(await connections.describe({ connection: 'pg', folder, sql: 'select 1 as one' })).toMatchObject([
      { name: 'one' },
    ])
  })
})
