import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Column, parseType } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { code } from '../../../shared/nodes/code.ts'
import { codeTransform } from '../../../src-main/engine/io/code.ts'
import { type Bench, bench, inputOf, rowsOf } from '../../helpers/engine-io.ts'

let at: Bench
beforeEach(async () => {
  at = await bench()
})
afterEach(async () => at[Symbol.asyncDispose]())

const column = (name: string, type: string): Column => ({ name, type: parseType(type) })
const numbers = [column('id', 'int32')]
const ids = (count: number): Row[] => Array.from({ length: count }, (_, index) => [index])

async function run(text: string, columns: Column[], rows: Iterable<Row>, config: object = {}, more: object = {}) {
  const stream = await codeTransform.open(
    at.context(code.config.parse({ code: text, ...config }), more),
    inputOf(columns, rows),
  )
  const out = await rowsOf(stream)
  expect(stream.rowsRead).toBe(out.length)
  return out
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.catch((thrown: unknown) => thrown)
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError, got ${String(error)}`)
  return error
}

describe('rows', () => {
  const types = [
    'boolean',
    'int16',
    'int32',
    'int64',
    'float32',
    'float64',
    'decimal(38,10)',
    'decimal',
    'text',
    'blob',
    'date',
    'time',
    'timestamp',
    'timestamptz',
    'interval',
    'uuid',
    'json',
    'list(int64)',
    `enum('a','b')`,
  ] // prettier-ignore
  const columns = types.map((type, index) => column(`c${index} "${type}"`, type))
  const extremes: Row[] = [
    [
      true,
      -32768,
      2147483647,
      9223372036854775807n,
      1.5,
      5e-324,
      '1234567890123456789012345678.0123456789',
      '1.50',
      '',
      new Uint8Array([0, 255]),
      '0001-01-01',
      '23:59:59.999999',
      '9999-12-31 23:59:59.999999',
      '2024-01-01 00:00:00+00',
      '1 day',
      '550e8400-e29b-41d4-a716-446655440000',
      '{"a":1.10}',
      [-9223372036854775808n, null],
      'b',
    ],
    [
      false,
      0,
      0,
      0n,
      Number.NaN,
      Number.NEGATIVE_INFINITY,
      '0',
      'NaN',
      'a "q",\n ü\u{1F600}',
      new Uint8Array(),
      'infinity',
      '00:00:00',
      '0044-03-15 00:00:00 BC',
      '-infinity',
      '-1 mons',
      '00000000-0000-0000-0000-000000000000',
      'null',
      [],
      'a',
    ],
    columns.map(() => null),
  ] // prettier-ignore

  test('pass through unharmed, whatever their types', async () => {
    expect(await run('function row(r) { return r }', columns, extremes)).toEqual(extremes)
    expect(await run('const row = (r) => ({ ...r })', columns, extremes)).toEqual(extremes)
  })

  test('are seen in their JavaScript types', async () => {
    const seen = await run(
      'function row(r) { return { t: Object.values(r).map((v) => v instanceof Uint8Array ? "bytes" : Array.isArray(v) ? "list" : typeof v).join(" ") } }',
      columns,
      extremes.slice(0, 1),
      { columns: [{ name: 't', type: 'text' }] },
    )
    expect(seen).toEqual([
      [
        'boolean number number bigint number number string string string bytes string string string string string string string list string',
      ],
    ])
  })

  test('none, one or many come out of one, in order, over many batches', async () => {
    const text =
      'function row(r, i) { if (i % 3 === 0) return null; if (i % 3 === 1) return { id: i }; return [{ id: i }, null, { id: -i }] }'
    const out = await run(text, numbers, ids(4_000))
    expect(out).toHaveLength(1333 + 2 * 1333)
    expect(out.slice(0, 4)).toEqual([[1], [2], [-2], [4]])
    expect(out.at(-1)).toEqual([-3998])
  })

  test('start, end and variables that last', async () => {
    const text = `
      let sum = 0n
      function start() { return { name: 'start', n: BigInt(params.base) } }
      function row(r) { sum += BigInt(r.id) }
      const end = () => [{ name: 'sum', n: sum }, { name: 'none' }]`
    const out = {
      columns: [
        { name: 'name', type: 'text' },
        { name: 'n', type: 'int64' },
      ],
    }
    const params = { base: { type: { kind: 'int64' }, value: 9007199254740993n } }
    expect(await run(text, numbers, ids(2_500), out, { params })).toEqual([
      ['start', 9007199254740993n],
      ['sum', 3123750n],
      ['none', null],
    ])
    expect(await run(text, numbers, [], out, { params })).toEqual([
      ['start', 9007199254740993n],
      ['sum', 0n],
      ['none', null],
    ])
  })

  test('values are converted where nothing is lost', async () => {
    const text = `function row() { return {
      d: new Date(Date.UTC(2024, 1, 29, 10, 0, 0, 5)), ts: new Date(0), i: 5, dec: 10n, j: { a: [1, "x"] }, l: [1n, 2, null], f: -0 } }`
    const out = [
      ['d', 'date'],
      ['ts', 'timestamptz'],
      ['i', 'int64'],
      ['dec', 'decimal(5,2)'],
      ['j', 'json'],
      ['l', 'list(int64)'],
      ['f', 'float64'],
    ]
    const config = { columns: out.map(([name, type]) => ({ name, type })) }
    expect(await run(text, numbers, ids(1), config)).toEqual([
      ['2024-02-29', '1970-01-01 00:00:00.000+00', 5n, '10', '{"a":[1,"x"]}', [1n, 2n, null], -0],
    ])
  })

  test.each([
    ['{ id: "x" }', 'int32', 'DATA_TYPE'],
    ['{ id: 1.5 }', 'int32', 'DATA_TYPE'],
    ['{ id: 2147483648 }', 'int32', 'DATA_RANGE'],
    ['{ id: 2 ** 60 }', 'int64', 'DATA_RANGE'],
    ['{ id: 5 }', 'text', 'DATA_TYPE'],
    ['{ id: "2024-02-30" }', 'date', 'DATA_TYPE'],
    ['{ id: "{" }', 'json', 'DATA_TYPE'],
    ['{ id: 1.005 }', 'decimal(10,2)', 'DATA_RANGE'],
    ['{ id: () => 1 }', 'int32', 'DATA_TYPE'],
    ['{ id: new Date(NaN) }', 'date', 'DATA_TYPE'],
    ['{ idd: 1 }', 'int32', 'CODE_THREW'],
    ['5', 'int32', 'CODE_THREW'],
    ['[[1]]', 'int32', 'CODE_THREW'],
  ])('%s is no row of %s', async (value, type, expected) => {
    const error = await failure(
      run(`function row() { return ${value} }`, numbers, ids(1), { columns: [{ name: 'id', type }] }),
    )
    expect(error).toMatchObject({ code: expected, at: { field: 'code' } })
  })

  test('odd names are columns like others', async () => {
    const odd = ['__proto__', 'constructor', 'a"b', "it's", 'line\nbreak', 'ü'].map((name) => column(name, 'text'))
    const row = odd.map((_, index) => `v${index}`)
    expect(await run('function row(r) { return r }', odd, [row])).toEqual([row])
  })
})

describe('failures', () => {
  test('syntax, before a run and in it, with the line', async () => {
    const text = 'function row(r) {\n  return {\n}'
    const analysed = await failure(
      Promise.resolve(codeTransform.columns(at.context(code.config.parse({ code: text })), numbers)),
    )
    expect(analysed).toMatchObject({ code: 'CODE_SYNTAX', at: { field: 'code' } })
    expect(analysed.message).toContain('line 3')
    expect(await failure(run(text, numbers, ids(1)))).toMatchObject({
      code: 'CODE_SYNTAX',
      at: { field: 'code', position: 29 },
    })
    expect(await failure(run('let rows', numbers, ids(1)))).toMatchObject({ code: 'CODE_SYNTAX' })
  })

  test('an exception names the row and the line', async () => {
    const text = 'function row(r, i) {\n  if (i === 1500) throw new TypeError("no good")\n  return r\n}'
    expect(await failure(run(text, numbers, ids(3_000)))).toMatchObject({
      code: 'CODE_THREW',
      message: 'The code failed at row 1501, line 2: TypeError: no good',
      at: { field: 'code', position: 21 },
    })
    expect((await failure(run('function row() { throw "text" }', numbers, ids(1)))).message).toContain('at row 1: text')
    expect((await failure(run('function row() {}\nnull.x', numbers, ids(1)))).message).toContain('line 2: TypeError')
  })

  test('too long, too much, too deep', async () => {
    const long = await failure(
      run('function row(r, i) {\n  while (i === 2) {}\n}', numbers, ids(5), { batchSeconds: 0.2 }),
    )
    expect(long).toMatchObject({
      code: 'CODE_LIMIT',
      message: expect.stringMatching(/^The code took longer than 0\.2 s at row 3, line \d\.$/),
    })
    const caught = await failure(
      run('function row() { try { while (true) {} } catch (e) {} }', numbers, ids(1), { batchSeconds: 0.2 }),
    )
    expect(caught.code).toBe('CODE_LIMIT')
    const much = 'const kept = []\nfunction row() { while (true) kept.push("x".repeat(1000)) }'
    expect(await failure(run(much, numbers, ids(1), { memoryMb: 8, batchSeconds: 60 }))).toMatchObject({
      code: 'CODE_LIMIT',
      hint: expect.stringContaining('memoryMb'),
    })
    const deep = 'function row(r) { return row(r) }'
    expect((await failure(run(deep, numbers, ids(1)))).code).toMatch(/^CODE_(LIMIT|THREW)$/)
  })

  test('stop ends code that never ends', async () => {
    const work = run('function row() { console.log("in"); while (true) {} }', numbers, ids(1), { batchSeconds: 3600 })
    const stopped = failure(work)
    setTimeout(() => at.controller.abort(), 100)
    expect((await stopped).code).toBe('RUN_CANCELLED')
  })
})

describe('the sandbox', () => {
  test('has nothing but the language', async () => {
    const names = [
      'process',
      'require',
      'fetch',
      'setTimeout',
      'XMLHttpRequest',
      'WebAssembly',
      'std',
      'os',
      'Worker',
      'navigator',
    ]
    const text = `function row() { return { t: ${JSON.stringify(names)}.filter((n) => n in globalThis).join() + typeof this } }`
    const config = { columns: [{ name: 't', type: 'text' }] }
    const [[seen] = []] = await run(text, numbers, ids(1), config)
    expect(seen).toBe('object')
    const load = await failure(run('async function row() { await import("node:fs") }', numbers, ids(1), config))
    expect(load).toMatchObject({ code: 'CODE_THREW', message: expect.stringContaining('a Promise') })
  })

  test('cannot harm the rows by changing the language', async () => {
    const text = `
      JSON.stringify = () => '[["forged"]]'
      Array.isArray = () => false
      Object.prototype.toJSON = undefined
      function row(r) { return r }`
    expect(await run(text, numbers, ids(3))).toEqual([[0], [1], [2]])
  })

  test('writes to the log of the node, a hundred lines at most', async () => {
    await run('function row(r, i) { console.log("row", i, { a: 1n === 1n }); return r }', numbers, ids(200))
    expect(at.logs).toHaveLength(101)
    expect(at.logs[0]).toEqual({ level: 'info', message: 'row 0 {"a":true}' })
  })
})
