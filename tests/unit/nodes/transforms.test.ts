import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Column, parseType } from '../../../shared/data/types.ts'
import { registry } from '../../../shared/nodes/registry.ts'
import { openDuck, relation, rowsOf, transform } from './duck.ts'

const size = 300_000
const columns: Column[] = [
  { name: 'id', type: parseType('int64') },
  { name: 'k', type: parseType('int64') },
  { name: 'v', type: parseType('text') },
]
const input = relation('numbers', columns)
/** Rows whose ids do not arrive in order, so that only a kept order tells how they came. */
const numbers = `CREATE TABLE numbers AS SELECT (i * 7919) % ${size} AS id, i % 1000 AS k, 'v' || i AS v FROM range(${size}) r(i)`

describe('order of rows', () => {
  let duck: DuckDBConnection
  beforeAll(async () => {
    duck = await openDuck(4)
    await duck.run(numbers)
  })
  afterAll(() => duck.closeSync())

  /** Makes a table of the SELECT, as a run that keeps rows does, and counts rows that are not where they should be. */
  async function misplaced(select: string, expected: string): Promise<number> {
    await duck.run(`CREATE OR REPLACE TABLE kept AS SELECT * FROM (\n${select}\n)`)
    await duck.run(`CREATE OR REPLACE TABLE wanted AS SELECT * FROM (\n${expected}\n)`)
    const [[missing, wrong] = []] = await rowsOf(
      duck,
      `SELECT (SELECT abs(count(*) - (SELECT count(*) FROM wanted)) FROM kept),
        (SELECT count(*) FROM kept JOIN wanted ON kept.rowid = wanted.rowid WHERE kept.id <> wanted.id)`,
    )
    return Number(missing) + Number(wrong)
  }

  it('is the sorted one after a sort whose rows are kept', async () => {
    const sorted = transform('sort', { keys: [{ column: 'id', direction: 'desc' }] }, [input])
    expect(await misplaced(sorted, `SELECT ${size - 1} - i AS id FROM range(${size}) r(i)`)).toBe(0)
  })

  it.each([
    ['select', { columns: [{ column: 'v' }], others: 'keep' }, 'SELECT id FROM numbers'],
    ['filter', { where: 'k < 500' }, 'SELECT id FROM numbers WHERE k < 500'],
    ['derive', { columns: [{ name: 'x', expression: 'id + 1' }] }, 'SELECT id FROM numbers'],
    ['limit', { count: 200_000, offset: 50_000 }, 'SELECT id FROM numbers WHERE rowid BETWEEN 50000 AND 249999'],
    ['distinct', { keys: ['k'] }, 'SELECT id FROM numbers WHERE rowid < 1000'],
    ['unpivot', { columns: ['k', 'v'], type: 'text' }, 'SELECT id FROM numbers, range(2) ORDER BY numbers.rowid'],
    [
      'flatten',
      { column: 'v', each: '$', fields: [{ path: '$', name: 'x' }], onError: 'null', keepEmpty: true },
      'SELECT id FROM numbers',
    ],
  ])('is kept by %s', async (kind, config, expected) => {
    expect(await misplaced(transform(kind, config, [input]), expected)).toBe(0)
  })

  it('is that of the inputs after a union', async () => {
    const select = transform('union', {}, [input, input])
    expect(await misplaced(select, 'SELECT id FROM numbers, range(2) r(n) ORDER BY n, numbers.rowid')).toBe(0)
  })

  it('is kept by a sample', async () => {
    const select = transform('limit', { mode: 'sample', percent: 10, seed: 4 }, [input])
    expect(await misplaced(select, `SELECT n.id FROM numbers n JOIN (${select}) s USING (v) ORDER BY n.rowid`)).toBe(0)
  })
})

describe('limit as a sample', () => {
  async function drawn(threads: number, config: object): Promise<string> {
    const duck = await openDuck(threads)
    await duck.run(numbers)
    const rows = await rowsOf(duck, transform('limit', { mode: 'sample', ...config }, [input]))
    duck.closeSync()
    return rows.map(([id]) => id).join(' ')
  }

  it('draws the same rows whatever the number of threads, and others with another seed', async () => {
    for (const config of [{ count: 1000 }, { percent: 1 }]) {
      const one = await drawn(1, config)
      expect(await drawn(4, config)).toBe(one)
      expect(await drawn(1, { ...config, seed: 1 })).not.toBe(one)
    }
  })

  it('has the size asked for', async () => {
    expect((await drawn(2, { count: 1234 })).split(' ')).toHaveLength(1234)
    const about = (await drawn(2, { percent: 10 })).split(' ').length
    // Ten standard deviations of a fair draw of 300,000 rows at 10 %.
    expect(Math.abs(about - size / 10)).toBeLessThan(1650)
  })
})

describe('readsOnce', () => {
  const right = relation('source', columns, 'right')
  const configs: [string, unknown][] = [
    ['select', { columns: [{ column: 'k', type: 'text' }], others: 'keep' }],
    ['filter', { where: 'k > 1' }],
    [
      'derive',
      {
        columns: [
          { name: 'a', expression: 'k * 2' },
          { name: 'b', expression: 'a + a' },
        ],
      },
    ],
    ['join', { type: 'full', keys: [{ left: 'k' }] }],
    ['join', { type: 'anti', keys: [{ left: 'k' }], nullsMatch: true }],
    ['union', { rows: 'distinct' }],
    [
      'aggregate',
      {
        keys: ['k'],
        measures: [
          { name: 'a', function: 'median', column: 'id' },
          { name: 'b', function: 'count_distinct', column: 'v' },
        ],
      },
    ],
    ['sort', { keys: [{ column: 'k' }] }],
    ['limit', { count: 3 }],
    ['limit', { mode: 'sample', count: 3 }],
    ['limit', { mode: 'sample', percent: 3 }],
    ['distinct', {}],
    ['distinct', { keys: ['k'], order: [{ column: 'v' }] }],
    ['pivot', { keys: ['id'], column: 'k', values: [1, 2], function: 'count' }],
    ['unpivot', { columns: ['id', 'k'], nulls: 'drop' }],
    ['flatten', { column: 'v', each: 'a', fields: [{ path: 'b' }], onError: 'null', keepEmpty: true, position: 'n' }],
    [
      'window',
      {
        partition: ['k'],
        order: [{ column: 'id' }],
        items: [
          { name: 'a', function: 'sum', column: 'id' },
          { name: 'b', function: 'expression', expression: 'id / sum(id) over ()' },
        ],
      },
    ],
  ]

  let duck: DuckDBConnection
  const folder = mkdtempSync(join(tmpdir(), 'once-'))
  beforeAll(async () => {
    duck = await openDuck()
    const file = join(folder, 'source.csv')
    writeFileSync(file, '1,2,"{""a"":[1]}"\n')
    await duck.run(
      `CREATE VIEW source AS FROM read_csv('${file}', header = false, columns = {id: 'BIGINT', k: 'BIGINT', v: 'VARCHAR'})`,
    )
  })
  afterAll(() => {
    duck.closeSync()
    rmSync(folder, { recursive: true })
  })

  it.each(configs)('holds for %s %j: each input is scanned once', async (kind, config) => {
    const definition = registry.get(kind)
    expect(definition?.readsOnce?.(config)).toBe(true)
    const inputs = kind === 'join' ? [relation('source', columns, 'left'), right] : [relation('source', columns)]
    const ports = definition?.outputs ?? []
    for (const { name } of ports) {
      const [[, plan] = []] = await rowsOf(duck, `EXPLAIN (FORMAT json) ${transform(kind, config, inputs, name)}`)
      expect([...String(plan).matchAll(/"name": "READ_CSV/g)]).toHaveLength(inputs.length)
    }
  })

  it('is not claimed for a query that may read a table twice', () => {
    expect(registry.get('sql')?.readsOnce?.({ sql: 'select 1' })).toBe(false)
  })

  it('is stated by every transform', () => {
    const silent = registry.kinds().filter((kind) => registry.get(kind)?.sql && !registry.get(kind)?.readsOnce)
    expect(silent).toEqual([])
    expect(new Set([...configs.map(([kind]) => kind), 'sql'])).toEqual(
      new Set(registry.kinds().filter((kind) => registry.get(kind)?.sql)),
    )
  })
})
