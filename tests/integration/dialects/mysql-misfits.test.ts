import { describe, expect, it } from 'vitest'
import type { ColumnType } from '../../../shared/data/types.ts'
import type { Cell } from '../../../shared/data/wire.ts'
import { MariaDbDatabase } from './mysql-database.ts'
import { column, failure, load, plan } from './subject.ts'

const at = new MariaDbDatabase()
const texts: ColumnType = { kind: 'text' }
const stored = async () => (await at.server.sql('select cast(v as char) as v from t')).map(({ v }) => v)

describe('MariaDB would bend a value', () => {
  it.each([
    ['int', { kind: 'float64' }, 1.7, '1.7', 'int32'],
    ['int', { kind: 'decimal' }, '1.70', '1.70', 'int32'],
    ['int', texts, '1.7', '1.7', 'int32'],
    ['smallint', { kind: 'int64' }, 40000n, '40000', 'int16'],
    ['decimal(5,1)', texts, 'ten', 'ten', 'decimal(5,1)'],
    ['boolean', texts, 'yes', 'yes', 'boolean'],
    ["enum('a','b')", texts, '1', '1', "enum('a','b')"],
    ["enum('a','b')", { kind: 'int64' }, 1n, '1', "enum('a','b')"],
    ['date', texts, '01/02/03', '01/02/03', 'date'],
    ['date', texts, '0000-00-00', '0000-00-00', 'date'],
    ['date', texts, '2023-02-29', '2023-02-29', 'date'],
    ['date', { kind: 'timestamp' }, '2024-01-01 23:59:59', '2024-01-01 23:59:59', 'date'],
    ['date', texts, '2024-01-01 23:59:59', '2024-01-01 23:59:59', 'date'],
    ['datetime', texts, 'noon', 'noon', 'timestamp'],
  ] as [string, ColumnType, Cell, string, string][])(
    'a column of %s refuses what it would not give back: %j %s',
    async (declared, type, value, shown, wanted) => {
      await at.sql(`create or replace table t (v ${declared})`)
      const rows = [[null], [value]]
      expect(await failure(load(at.db, plan('t', [column('v', type)]), rows))).toMatchObject({
        code: 'DATA_TYPE',
        message: `Column v at row 2: "${shown}" is not a value of type ${wanted}.`,
      })
      expect(await stored()).toEqual([])
      expect(await load(at.db, plan('t', [column('v', type)], { maxRejects: 1 }), rows)).toMatchObject({
        inserted: 1,
        rejected: 1,
      })
      expect(await stored()).toEqual([null])
    },
  )

  it.each([
    ['int', { kind: 'float64' }, 2, '2'],
    ['int', { kind: 'decimal' }, '2.00', '2'],
    ['bigint', texts, ' 12 ', '12'],
    ["enum('a,b','c\\\\d')", texts, 'A,B', 'a,b'],
    ["enum('a,b','c\\\\d')", texts, 'c\\d', 'c\\d'],
    ['date', { kind: 'timestamp' }, '2024-01-01 00:00:00', '2024-01-01'],
    ['date', texts, '2024-02-29', '2024-02-29'],
    ['json', texts, '{"a": "x,\\"y\\""}', '{"a": "x,\\"y\\""}'],
  ] as [string, ColumnType, Cell, string][])(
    'a column of %s takes what is a value of it: %j %s',
    async (declared, type, value, kept) => {
      await at.sql(`create or replace table t (v ${declared})`)
      expect(await load(at.db, plan('t', [column('v', type)]), [[value]])).toMatchObject({ inserted: 1 })
      expect(await stored()).toEqual([kept])
    },
  )
})

it.each(["insert into told values ('a') returning v", 'delete from told returning v', 'call told()'])(
  'a query that the server describes only when it runs is refused before: %s',
  async (sql) => {
    await at.sql('create or replace table told (v text)')
    await at.sql('create or replace procedure told() begin insert into told values (1); select * from told; end')
    expect(await failure(at.db.describe({ sql }))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The server does not tell the columns of this statement before it has run.',
      hint: expect.stringContaining('execute node'),
    })
    expect(await at.server.sql('select * from told')).toEqual([])
  },
)

it('a refused value names its column, and no table that only helps', async () => {
  const columns = [column('f', { kind: 'float64' })]
  await at.sql('drop table if exists fresh')
  const error = await failure(load(at.db, plan('fresh', columns, { mode: 'replace' }), [[1.5], [Number.NaN]]))
  expect(String(error)).toMatch(/column `f`/)
  expect(String(error)).not.toContain('sluice_')
})
