import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { type World, world } from '../../helpers/engine.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'
import { fc } from '../../helpers/property.ts'

/** Columns with the values each path must carry unchanged, as cells. */
const columns = {
  flag: { type: 'boolean', values: [true, false] },
  small: { type: 'int16', values: [-32768, 32767, 0] },
  whole: { type: 'int32', values: [-2147483648, 2147483647] },
  big: { type: 'int64', values: [-9223372036854775808n, 9223372036854775807n, 9007199254740993n] },
  real: {
    type: 'float64',
    values: [0.1, 5e-324, 1.7976931348623157e308, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  },
  exact: {
    type: 'decimal(38,10)',
    values: ['1234567890123456789012345678.0123456789', '-0.0000000001', '0.0000000000'],
  },
  money: { type: 'decimal(12,2)', values: ['9999999999.99', '-0.01', '12.50'] },
  note: {
    type: 'text',
    values: [
      '',
      ' ',
      'a,b',
      'say "hi"',
      'two\nlines',
      'tab\there',
      '\\.',
      '\\N',
      'NULL',
      "it's",
      '東京 😀',
      '\\x41',
      '{a}',
      "'; drop table t; --",
      '\r\n',
      '0',
      'NaN',
    ],
  },
  bytes: { type: 'blob', values: [new Uint8Array(0), Uint8Array.from({ length: 256 }, (_, index) => index)] },
  day: { type: 'date', values: ['0001-01-01', '9999-12-31', '2024-02-29'] },
  hour: { type: 'time', values: ['00:00:00', '23:59:59.999999'] },
  moment: {
    type: 'timestamp',
    values: ['0001-01-01 00:00:00', '9999-12-31 23:59:59.999999', '2024-06-01 12:34:56.000001'],
  },
  instant: { type: 'timestamptz', values: ['2024-06-01 12:34:56.5+00', '0001-01-01 00:00:00+00'] },
  id: { type: 'uuid', values: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'] },
  doc: { type: 'json', values: ['{"a":[1,2.5,null],"b":"x, \\"y\\""}', '"text"'] },
} as const

const names = Object.keys(columns)
/** A cell as the JSON of a rows node. */
const inDocument = (cell: unknown, type: string) => {
  if (type === 'json' && typeof cell === 'string') return JSON.parse(cell)
  if (typeof cell === 'bigint') return cell.toString()
  if (cell instanceof Uint8Array) return `\\x${Buffer.from(cell).toString('hex')}`
  if (typeof cell === 'number' && !Number.isFinite(cell)) return String(cell)
  return Object.is(cell, -0) ? '-0' : cell
}

const source = (rows: readonly (readonly unknown[])[]) => ({
  kind: 'rows',
  config: {
    columns: names.map((name) => ({ name, type: columns[name as keyof typeof columns].type })),
    rows: rows.map((row) => row.map((cell, index) => inDocument(cell, Object.values(columns)[index]?.type ?? ''))),
  },
})
const load = (connection: string, table: string) => ({ kind: 'load', config: { connection, table, mode: 'replace' } })
const read = (connection: string, table: string) => ({
  kind: 'query',
  config: { connection, sql: `select * from ${table} order by n` },
})

/** Every column's values one after another, the shorter columns repeated, plus a row of NULLs. */
function extremes(): unknown[][] {
  const longest = Math.max(...Object.values(columns).map((column) => column.values.length))
  const rows = Array.from({ length: longest }, (_, index) =>
    Object.values(columns).map((column) => column.values[index % column.values.length]),
  )
  return [...rows, names.map(() => null)]
}

let database: FreshDatabase
let mariadb: FreshMariaDb
beforeAll(async () => {
  database = await freshDatabase()
  mariadb = await freshMariaDb()
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await mariadb[Symbol.asyncDispose]()
})

const numbered = { kind: 'derive', config: { columns: [{ name: 'n', expression: 'row_number() over ()' }] } }

/** The rows after a way through databases and the embedded engine, as the last node's sample shows them. */
async function travel(w: World, rows: unknown[][], stops: string[]): Promise<Row[]> {
  const nodes: Record<string, { kind: string; config: object }> = { start: source(rows), n0: numbered }
  const edges: { from: string; to: string; after?: true }[] = [{ from: 'start', to: 'n0' }]
  let before = 'n0'
  stops.forEach((stop, index) => {
    nodes[`to${index}`] = load(stop, `t${index}`)
    nodes[`from${index}`] = read(stop, `t${index}`)
    edges.push({ from: before, to: `to${index}` }, { from: `to${index}`, to: `from${index}`, after: true })
    before = `from${index}`
  })
  const outcome = await w.run({ nodes, edges })
  expect(outcome.error).toBeUndefined()
  return (outcome.nodes[before]?.samples.out?.rows ?? []).map((row) => row.slice(0, names.length))
}

/** Postgres keeps JSON as values, not as text, so its spacing is its own. */
const settled = (rows: readonly (readonly unknown[])[]) => {
  const json = names.indexOf('doc')
  return rows.map((row) =>
    row.map((cell, index) => (index === json && typeof cell === 'string' ? JSON.parse(cell) : cell)),
  )
}

describe('values survive every way between source, engine and target', () => {
  const ways = [['a'], ['pg'], ['a', 'pg', 'b'], ['pg', 'a', 'pg2']]
  test.each(ways.map((way) => [way.join(' → '), way] as const))('%s', async (_, way) => {
    const pg = postgres.parseUrl(database.url)
    await using w = await world({ pg, pg2: pg })
    const rows = extremes()
    expect(settled(await travel(w, rows, [...way]))).toEqual(settled(rows))
  })

  test.each([[['my']], [['pg', 'my', 'a', 'my2', 'pg2']]])('MySQL among them: %s', async (way) => {
    const [pg, my] = [postgres.parseUrl(database.url), mysql.parseUrl(mariadb.url)]
    await using w = await world({ pg, pg2: pg, my, my2: my })
    // It has no such numbers, and its instants begin in 1970.
    const rows = extremes().map((row) =>
      row.map((cell) => {
        if (typeof cell === 'number' && !Number.isFinite(cell)) return 0.25
        return cell === '0001-01-01 00:00:00+00' ? '1970-01-01 00:00:01+00' : cell
      }),
    )
    expect(settled(await travel(w, rows, way))).toEqual(settled(rows))
  })

  test('Postgres keeps the sign of zero', async () => {
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const rows = [names.map((name) => (name === 'real' ? -0 : null))]
    expect(await travel(w, rows, ['pg'])).toEqual(rows)
  })

  test.each(['pg', 'my'])('random text and numbers by way of %s', async (server) => {
    const [pg, my] = [postgres.parseUrl(database.url), mysql.parseUrl(mariadb.url)]
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((value) => !value.includes('\0') && value.isWellFormed())
    const row = fc.tuple(
      fc.option(text),
      fc.option(fc.double({ noNaN: server === 'my', noDefaultInfinity: server === 'my' }).map((value) => value + 0)),
      fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.option(fc.boolean()),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 60 }), async (cells) => {
        await using w = await world({ pg, my })
        const rows = cells.map(([note, real, big, flag]) =>
          names.map((name) => ({ note, real, big, flag })[name as 'note'] ?? null),
        )
        expect(await travel(w, rows, ['a', server])).toEqual(rows)
      }),
      { numRuns: 4 },
    )
  })
})
