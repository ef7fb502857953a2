import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Connector, type Params } from '../../src-main/dialects/connector.ts'
import { sqlite } from '../../src-main/dialects/sqlite/index.ts'

let folder: string
let shop: Connector

const open = (options = {}) =>
  Connector.open('shop', () => sqlite.open({ dialect: 'sqlite', file: 'shop.db' }, folder), options)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-connector-'))
  shop = await open()
  await shop.execute('create table orders (id integer primary key, customer text, total decimal(10,2))')
  const rows: Params[] = Array.from({ length: 25 }, (_, index) => ({
    id: index + 1,
    customer: `customer ${index % 3}`,
    total: index * 1.5,
  }))
  await shop.executeMany('insert into orders values (:id, :customer, :total)', rows)
})

afterEach(async () => {
  await shop.close()
  await rm(folder, { recursive: true })
})

const all = 'select id from orders order by id'
const ids = (rows: Record<string, unknown>[]) => rows.map((row) => Number(row.id))
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('statements', () => {
  it('tell what they changed, and return rows', async () => {
    const result = await shop.execute('update orders set customer = :name where id <= :last returning id, customer', {
      name: 'new',
      last: 2,
    })
    expect(result.affected).toBe(2)
    expect(result.rows).toEqual([
      { id: 1n, customer: 'new' },
      { id: 2n, customer: 'new' },
    ])
  })

  it('run for many sets of values, from a stream too, all or none', async () => {
    async function* more() {
      yield { id: 101, total: null }
      yield { id: 102, total: 3 }
    }
    expect(await shop.executeMany('insert into orders (id, total) values (:id, :total)', more())).toBe(2)
    const again = shop.executeMany('insert into orders (id) values (:id)', [{ id: 103 }, { id: 1 }])
    await expect(again).rejects.toMatchObject({ code: 'DATA_CONSTRAINT', message: expect.stringContaining('2') })
    expect(await shop.fetchOne('select count(*) as n from orders')).toEqual({ n: 27n })
  })

  it('bind plain values by their type', async () => {
    const values: Params = {
      text: "it's",
      whole: 7,
      large: 2 ** 40,
      huge: 9223372036854775807n,
      real: 0.1,
      yes: true,
      when: new Date('2024-02-29T12:34:56.789Z'),
      bytes: Uint8Array.of(0, 255),
      nothing: null,
      typed: { type: { kind: 'date' }, value: '2024-02-29' },
    }
    const names = Object.keys(values)
    const { rows } = await shop.execute(`select ${names.map((name) => `:${name} as "${name}"`).join(', ')}`, values)
    expect(rows).toEqual([
      {
        text: "it's",
        whole: 7n,
        large: 2n ** 40n,
        huge: 9223372036854775807n,
        real: 0.1,
        yes: 1n,
        when: '2024-02-29 12:34:56.789+00',
        bytes: Uint8Array.of(0, 255),
        nothing: null,
        typed: '2024-02-29',
      },
    ])
  })

  it('refuse a placeholder without a value', async () => {
    await expect(shop.fetchAll('select * from orders where id = :id')).rejects.toMatchObject({
      code: 'CONFIG_PARAMETER',
      message: expect.stringContaining(':id'),
    })
  })
})

describe('fetching', () => {
  it('gives one row, or none', async () => {
    const row = await shop.fetchOne('select id, customer, total from orders where id = :id', { id: 3 })
    expect(row).toEqual({ id: 3n, customer: 'customer 2', total: '3.00' })
    expect(await shop.fetchOne('select * from orders where id = :id', { id: 99 })).toBeUndefined()
  })

  it('gives all rows, as objects or as arrays with their columns', async () => {
    expect(ids(await shop.fetchAll(all))).toEqual(range(1, 25))
    const { columns, rows } = await shop.fetchArrays('select id, id from orders where id < 3 order by id')
    expect(columns.map((column) => column.name)).toEqual(['id', 'id_2'])
    expect(rows).toEqual([
      [1n, 1n],
      [2n, 2n],
    ])
  })

  it('continues where the same query stopped, and starts anew after its end', async () => {
    expect(ids(await shop.fetchMany(all, {}, { size: 10 }))).toEqual(range(1, 10))
    expect(ids(await shop.fetchMany(all, {}, { size: 4 }))).toEqual(range(11, 14))
    expect(ids(await shop.fetchMany(all, {}, { size: 20 }))).toEqual(range(15, 25))
    expect(await shop.fetchMany(all, {}, { size: 10 })).toEqual([])
    expect(ids(await shop.fetchMany(all, {}, { size: 2 }))).toEqual([1, 2])
  })

  it('keeps fetches with other values apart', async () => {
    const sql = 'select id from orders where id > :low and id < :high order by id'
    expect(ids(await shop.fetchMany(sql, { low: 0, high: 9 }, { size: 2 }))).toEqual([1, 2])
    expect(ids(await shop.fetchMany(sql, { low: 5, high: 9 }, { size: 2 }))).toEqual([6, 7])
    expect(ids(await shop.fetchMany(sql, { high: 9, low: 0 }, { size: 2 }))).toEqual([3, 4])
  })

  it('starts anew after reset', async () => {
    await shop.fetchMany(all, {}, { size: 10 })
    await shop.reset()
    expect(ids(await shop.fetchMany(all, {}, { size: 2 }))).toEqual([1, 2])
  })

  it('streams, and can be left early', async () => {
    const seen: number[] = []
    for await (const row of shop.stream(all, {}, { size: 3 })) {
      seen.push(Number(row.id))
      if (seen.length === 5) break
    }
    expect(seen).toEqual(range(1, 5))
    expect((await shop.fetchAll(all)).length).toBe(25)
  })

  it('keeps two cursors on one query apart', async () => {
    await using one = shop.cursor(all)
    await using two = shop.cursor(all)
    expect(ids(await one.fetch(3))).toEqual([1, 2, 3])
    expect(ids(await two.fetch(2))).toEqual([1, 2])
    expect(ids(await one.fetch(2))).toEqual([4, 5])
    expect(ids(await two.fetch(100))).toEqual(range(3, 25))
    expect(await two.fetch(1)).toEqual([])
    expect((await one.columns()).map((column) => column.name)).toEqual(['id'])
  })

  it('gives nothing more from a closed cursor', async () => {
    const cursor = shop.cursor(all)
    await cursor.fetch(3)
    await cursor.close()
    expect(await cursor.fetch(3)).toEqual([])
  })

  it('tells a mistake in the query, and goes on', async () => {
    await expect(shop.fetchMany('select colour from orders')).rejects.toMatchObject({ code: 'QUERY_MISSING' })
    expect(await shop.fetchOne('select count(*) as n from orders')).toEqual({ n: 25n })
  })
})

describe('transactions', () => {
  const count = async () => (await shop.fetchOne('select count(*) as n from orders'))?.n

  it('commit what returned', async () => {
    const answer = await shop.transaction(async (transaction) => {
      await transaction.execute('delete from orders where id <= 5')
      expect(await transaction.fetchOne('select count(*) as n from orders')).toEqual({ n: 20n })
      expect(await count()).toBe(25n)
      return 'done'
    })
    expect(answer).toBe('done')
    expect(await count()).toBe(20n)
  })

  it('undo what threw', async () => {
    const failing = shop.transaction(async (transaction) => {
      await transaction.executeMany('delete from orders where id = :id', [{ id: 1 }, { id: 2 }])
      throw new Error('changed my mind')
    })
    await expect(failing).rejects.toThrow('changed my mind')
    expect(await count()).toBe(25n)
  })

  it('refuse a statement while a query is being fetched', async () => {
    const mixing = shop.transaction(async (transaction) => {
      const cursor = transaction.cursor(all)
      await cursor.fetch(1)
      await transaction.execute('delete from orders')
    })
    await expect(mixing).rejects.toMatchObject({ code: 'RUN_STATE' })
    expect(await count()).toBe(25n)
  })
})

describe('the end', () => {
  it('closes what runs, and refuses more', async () => {
    const other = await open()
    await other.fetchMany(all, {}, { size: 1 })
    await other.close()
    await other.close()
    await expect(other.fetchOne(all)).rejects.toMatchObject({ code: 'RUN_STATE' })
  })

  it('leaves a database open that somebody else opened', async () => {
    {
      await using guest = new Connector(shop.database, { keepOpen: true })
      await guest.fetchOne(all)
    }
    expect(ids(await shop.fetchMany(all, {}, { size: 1 }))).toEqual([1])
  })

  it('stops what runs when told to', async () => {
    const stop = new AbortController()
    await using other = await open({ signal: stop.signal })
    const endless =
      'with recursive n(x) as (select 1 union all select x + 1 from n where x < 1e12) select count(*) as total from n'
    const running = other.fetchOne(endless)
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })
})
