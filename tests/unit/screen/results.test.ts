import { describe, expect, test, vi } from 'vitest'
import type { ColumnType } from '../../../shared/data/types.ts'
import { pipelineSchema } from '../../../shared/pipeline/schema.ts'
import { cellLine, startingWidth } from '../../../src-renderer/grid/format.ts'
import { BlockLoader } from '../../../src-renderer/grid/loader.ts'
import { boundsOf, grown, holds, single } from '../../../src-renderer/grid/range.ts'
import { hexDump, imageOf } from '../../../src-renderer/results/bytes.ts'
import { ExactNumber, parseExact } from '../../../src-renderer/results/json-text.ts'
import { filterWords, operatorsOf } from '../../../src-renderer/results/operators.ts'
import { changeView, narrowView, nextSort, viewOf } from '../../../src-renderer/results/views.ts'
import { pathOf } from '../../../src-renderer/stores/lineage-path.ts'

const kind = (name: 'text' | 'blob' | 'int64' | 'boolean' | 'date'): ColumnType => ({ kind: name })

describe('a cell on one line', () => {
  test.each([
    [null, 'text', 'NULL'],
    ['', 'text', ''],
    ['one\r\ntwo\nthree', 'text', 'one ↵ two ↵ three'],
    ['\\x00ff', 'blob', '\\x00ff (2 B)'],
    [`\\x${'ab'.repeat(2000)}`, 'blob', `\\x${'ab'.repeat(12)}… (2.0 kB)`],
    ['9007199254740993', 'int64', '9007199254740993'],
  ] as const)('%j', (text, type, line) => {
    expect(cellLine(text, kind(type))).toBe(line)
  })

  test('a cut blob tells its whole size', () => {
    expect(cellLine('\\xabcd', kind('blob'), 2_000_002)).toBe('\\xabcd… (1.0 MB)')
  })

  test('a column is as wide as its name and values, within bounds', () => {
    const column = { name: 'note', type: kind('text') }
    expect(startingWidth(column, ['x'])).toBeLessThan(startingWidth(column, ['x'.repeat(25)]))
    expect(startingWidth(column, ['x'.repeat(9_999)])).toBe(320)
  })
})

describe('a range of cells', () => {
  const size = { rows: 100, columns: 5 }
  test('grows over its anchor and stays inside', () => {
    let range = single({ row: 1, column: 1 })
    for (const move of ['up', 'up', 'left', 'left'] as const) range = grown(range, move, size)
    expect(boundsOf(range)).toEqual({ top: 0, bottom: 1, left: 0, right: 1 })
    range = grown(range, 'down', size, true)
    expect(boundsOf(range)).toEqual({ top: 1, bottom: 99, left: 0, right: 1 })
    expect([holds(range, 50, 1), holds(range, 50, 2), holds(undefined, 0, 0)]).toEqual([true, false, false])
  })
})

describe('sorting by a column', () => {
  test('goes up, down, then away; added ones keep their place', () => {
    const once = nextSort([], 'a', false)
    const twice = nextSort(once, 'a', false)
    expect([once, twice, nextSort(twice, 'a', false)]).toEqual([
      [{ column: 'a', direction: 'asc' }],
      [{ column: 'a', direction: 'desc' }],
      [],
    ])
    const both = nextSort(once, 'b', true)
    expect(nextSort(both, 'a', true)).toEqual([
      { column: 'a', direction: 'desc' },
      { column: 'b', direction: 'asc' },
    ])
    expect(nextSort(both, 'c', false)).toEqual([{ column: 'c', direction: 'asc' }])
  })
})

describe('filters', () => {
  test('of a bar take the place of others on the column', () => {
    const other = { column: 'b', operator: '=' as const, value: '1' }
    changeView('k', { filters: [{ column: 'a', operator: 'null' }, other] })
    narrowView('k', [{ column: 'a', operator: '>=', value: '3' }])
    expect(viewOf('k').filters).toEqual([other, { column: 'a', operator: '>=', value: '3' }])
  })

  test('are offered by type and read as words', () => {
    expect(operatorsOf(kind('text'))[0]).toBe('contains')
    expect(operatorsOf(kind('boolean'))).toEqual(['=', '!=', 'null', 'notNull'])
    expect(filterWords({ column: 'a', operator: '>=', value: '3' })).toBe('a ≥ 3')
    expect(filterWords({ column: 'a', operator: '=', value: '' })).toBe('a is empty text')
    expect(filterWords({ column: 'a', operator: 'null' })).toBe('a is NULL')
  })
})

describe('blocks of rows', () => {
  test('wished for last are read first, a few at a time', async () => {
    const read: number[] = []
    const gates: (() => void)[] = []
    const loader = new BlockLoader<number>(
      ({ offset }) =>
        new Promise((resolve) => {
          read.push(offset)
          gates.push(() => resolve(offset))
        }),
      1,
    )
    const all = [0, 1, 2].map((offset) => loader.load({ offset, limit: 1 }))
    gates[0]?.()
    await vi.waitFor(() => expect(read).toEqual([0, 2]))
    gates[1]?.()
    await vi.waitFor(() => expect(read).toEqual([0, 2, 1]))
    gates[2]?.()
    expect(await Promise.all(all)).toEqual([0, 1, 2])
  })

  test('are given up all together', () => {
    const signals: AbortSignal[] = []
    const loader = new BlockLoader<number>((_, signal) => {
      signals.push(signal)
      return new Promise(() => undefined)
    }, 1)
    void loader.load({ offset: 0, limit: 1 })
    void loader.load({ offset: 1, limit: 1 })
    loader.stop()
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})

test('bytes are dumped with their characters, and pictures are known by how they begin', () => {
  expect(hexDump('\\x48690a', 16)).toBe(`00000000  ${'48 69 0a'.padEnd(47)}  Hi·`)
  expect(imageOf('\\xffd8ff')).toEqual({ type: 'image/jpeg', url: 'data:image/jpeg;base64,/9j/' })
  expect(imageOf('\\x0000')).toBeUndefined()
})

test('JSON keeps its numbers as they were written', () => {
  expect(parseExact('{"a":[12345678901234567890.10]}')).toEqual({ a: [new ExactNumber('12345678901234567890.10')] })
  expect(parseExact('{a}')).toBeUndefined()
})

test('lineage lights the nodes and edges that values go through', () => {
  const node = (sql: string) => ({ kind: 'sql', config: { sql } })
  const pipeline = pipelineSchema.parse({
    sluice: 1,
    name: 'p',
    nodes: { a: node('x'), b: node('x'), c: node('x'), d: node('x') },
    edges: [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'a', to: 'd' },
    ],
  })
  const place = (name: string) => ({ node: name, port: 'out', column: 'x' })
  const { nodes, edges } = pathOf(pipeline, place('b'), { from: [place('a')], shapes: [place('d')], to: [place('c')] })
  expect([...nodes].sort()).toEqual(['a', 'b', 'c'])
  expect(edges.size).toBe(2)
})
