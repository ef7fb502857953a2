import { expect, test } from 'vitest'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { world } from '../../helpers/engine.ts'
import { freshDatabase } from '../../helpers/postgres.ts'

const through = (sql: string, where = 'v > -100 or v is null') => ({
  nodes: {
    means: { kind: 'query', config: { connection: 'pg', sql } },
    some: { kind: 'filter', config: { where } },
    load: { kind: 'load', config: { connection: 'pg', table: 'kept', mode: 'replace' } },
  },
  edges: [
    { from: 'means', to: 'some' },
    { from: 'some', to: 'load' },
  ],
})

test('means and quotients of Postgres pass a transform, rounded to ten decimals', async () => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const sql = `select * from (values (1, 1/3.0), (2, avg_of), (3, -2/3.0), (4, 0.00123456789050001), (5, 47.99905500000000), (6, null)) t(id, v)`
  const outcome = await w.run(through(sql.replace('avg_of', '(select avg(x) from (values (1), (2), (2)) q(x))')))
  expect(outcome.error).toBeUndefined()
  const rows = await fresh.sql('select v from kept order by id')
  expect(rows.map(({ v }) => v)).toEqual([
    '0.3333333333',
    '1.6666666667',
    '-0.6666666667',
    '0.0012345679',
    '47.9990550000',
    null,
  ])
})

test('a value that would lose what it says stops the run, and says how to go on', async () => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const outcome = await w.run(through('select 1 as id, 0.000000123456789::numeric as v'))
  expect(outcome.error).toMatchObject({
    message: 'Column v holds "0.000000123456789", which is below 0.001 and has more than 10 decimals.',
    hint: expect.stringContaining('numeric(38,20)'),
  })
  expect(await fresh.sql("select to_regclass('kept') as t")).toEqual([{ t: null }])
})

test.each([
  ["'NaN'::numeric", 'Column v holds "NaN", which is no decimal of up to 28 digits before the point.'],
  ["'NaN'::numeric(10,2)", 'Column v holds "NaN", which is no decimal(10,2) here.'],
  ['1e28::numeric', 'Column v holds "10000000000000000000000000000"'],
  ["'{1,NaN}'::numeric[]", 'Column v holds "NaN"'],
  [
    "'{{1,2},{3,NULL}}'::int[]",
    'Column v holds "[[1,2],[3,null]]", which is a list of more dimensions than list(int32) has.',
  ],
  ["'{{a,b}}'::text[]", 'Column v holds "[["a","b"]]", which is a list of more dimensions than list(text) has.'],
  ["timestamp '294276-12-31'", 'Column v holds "294276-12-31 00:00:00"'],
])('%s cannot be reckoned with: the source fails, by the name of the column', async (value, message) => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const outcome = await w.run(through(`select 1 as id, null as w, ${value} as v`, 'v is not null'))
  expect(outcome.error).toMatchObject({
    code: 'DATA_TYPE',
    message: expect.stringContaining(message),
    hint: expect.stringContaining('Cast the column'),
    at: { node: 'means' },
  })
  expect(await fresh.sql("select to_regclass('kept') as t")).toEqual([{ t: null }])
})

test.each([
  ['numeric[]', '{12345678901234567890.1234567,0.1,NULL}', '[12345678901234567890.1234567000,0.1000000000,null]'],
  ['numeric(30,7)[]', '{12345678901234567890.1234567,-0.0000001}', '[12345678901234567890.1234567,-0.0000001]'],
  ['numeric(4,1)[]', '{999.9,-0.1,NULL}', '[999.9,-0.1,null]'],
  ['bytea[]', '{"\\\\xdead00",NULL,"\\\\x"}', '["\\\\xdead00",null,"\\\\x"]'],
  ['interval[]', '{"1 mon +2 days 03:04:05","-1 mons +2 days"}', '["1 month 2 days 03:04:05","-1 month 2 days"]'],
  ['timestamp[]', '{"0044-03-15 10:00:00.5 BC",infinity}', '["0044-03-15 10:00:00.5 BC","infinity"]'],
  ['timestamptz[]', '{"2024-06-01 12:00:00+02"}', '["2024-06-01 10:00:00+00"]'],
  ['float8[]', '{NaN,-Infinity,1.5,NULL}', '["NaN","-Infinity",1.5,null]'],
  ['timestamptz', '0044-03-15 10:00:00+00 BC', '0044-03-15 10:00:00+00 BC'],
  ['timestamp', '0044-03-15 10:00:00.123456 BC', '0044-03-15 10:00:00.123456 BC'],
])('%s %s passes a transform as it is, and as JSON is %s', async (type, value, json) => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const { nodes, edges } = through(`select 1 as id, '${value}'::${type} as v`, 'id = 1')
  const outcome = await w.run({
    nodes: { ...nodes, texts: { kind: 'load', config: { connection: 'a', table: 'kept', mode: 'replace' } } },
    edges: [...edges, { from: 'some', to: 'texts' }],
  })
  expect(outcome.error).toBeUndefined()
  expect(await fresh.sql(`select v = '${value}'::${type} as same from kept`)).toEqual([{ same: true }])
  expect(w.sqlite('a', 'select v from kept')).toEqual([{ v: json }])
})

test('days before our era pass a transform as they are', async () => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const sql = "select * from (values (1, date '0044-03-15 BC'), (2, date '2024-02-29'), (3, null)) t(id, day)"
  const outcome = await w.run({
    nodes: {
      from: { kind: 'query', config: { connection: 'pg', sql } },
      sorted: { kind: 'sort', config: { keys: [{ column: 'day' }] } },
      load: { kind: 'load', config: { connection: 'pg', table: 'kept', mode: 'replace' } },
    },
    edges: [
      { from: 'from', to: 'sorted' },
      { from: 'sorted', to: 'load' },
    ],
  })
  expect(outcome.error).toBeUndefined()
  expect(await fresh.sql('select day::text from kept order by id')).toEqual([
    { day: '0044-03-15 BC' },
    { day: '2024-02-29' },
    { day: null },
  ])
})

test('days before our era stay what they are inside lists too', async () => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const sql = `select * from (values
    (1, array[date '0044-03-15 BC', null, date '2024-02-29', 'infinity']), (2, null)) t(id, days)`
  const outcome = await w.run({
    nodes: {
      from: { kind: 'query', config: { connection: 'pg', sql } },
      sorted: { kind: 'sort', config: { keys: [{ column: 'id' }] } },
      back: { kind: 'load', config: { connection: 'pg', table: 'kept', mode: 'replace' } },
      texts: { kind: 'load', config: { connection: 'a', table: 'kept', mode: 'replace' } },
    },
    edges: [
      { from: 'from', to: 'sorted' },
      { from: 'sorted', to: 'back' },
      { from: 'sorted', to: 'texts' },
    ],
  })
  expect(outcome.error).toBeUndefined()
  expect(await fresh.sql('select days::text from kept order by id')).toEqual([
    { days: '{"0044-03-15 BC",NULL,2024-02-29,infinity}' },
    { days: null },
  ])
  expect(w.sqlite('a', 'select days from kept order by id')).toEqual([
    { days: '["0044-03-15 BC",null,"2024-02-29","infinity"]' },
    { days: null },
  ])
})

test('a byte order mark at the start of the first value is part of it, whoever takes the rows', async () => {
  await using fresh = await freshDatabase()
  await using w = await world({ pg: postgres.parseUrl(fresh.url) })
  const outcome = await w.run({
    nodes: {
      from: { kind: 'query', config: { connection: 'pg', sql: `select U&'\\FEFFa' as mark` } },
      load: { kind: 'load', config: { connection: 'a', table: 'kept', mode: 'replace' } },
      again: { kind: 'query', config: { connection: 'a', sql: 'select mark from kept' } },
      code: { kind: 'code', config: { code: 'function row(r) { return r }' } },
      made: { kind: 'load', config: { connection: 'b', table: 'kept', mode: 'replace' } },
      more: { kind: 'query', config: { connection: 'pg', sql: `select U&'\\FEFFa' as mark` } },
      sorted: { kind: 'sort', config: { keys: [{ column: 'mark' }] } },
      ordered: { kind: 'load', config: { connection: 'c', table: 'kept', mode: 'replace' } },
    },
    edges: [
      { from: 'from', to: 'load' },
      { from: 'load', to: 'again', after: true },
      { from: 'again', to: 'code' },
      { from: 'code', to: 'made' },
      { from: 'more', to: 'sorted' },
      { from: 'sorted', to: 'ordered' },
    ],
  })
  expect(outcome.error).toBeUndefined()
  expect(w.sqlite('a', 'select mark from kept')).toEqual([{ mark: '\uFEFFa' }])
  expect(w.sqlite('b', 'select mark from kept')).toEqual([{ mark: '\uFEFFa' }])
  expect(w.sqlite('c', 'select mark from kept')).toEqual([{ mark: '\uFEFFa' }])
})
