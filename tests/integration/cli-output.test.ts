import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import type { RunEvent } from '../../shared/run.ts'
import { progressView } from '../../src-main/hosts/cli/output/progress.ts'
import { jsonObjects } from '../../src-main/hosts/cli/output/row-text.ts'
import { TablePrinter } from '../../src-main/hosts/cli/output/table.ts'
import { type Terminal, terminal } from '../../src-main/hosts/cli/output/terminal.ts'
import { clip, printable, textWidth } from '../../src-main/hosts/cli/output/text.ts'
import { formatCount, formatCounts, formatDuration } from '../../src-main/hosts/cli/output/words.ts'

class Screen extends Writable {
  readonly isTTY: boolean
  readonly columns: number
  readonly rows: number
  text = ''

  constructor({ tty = true, columns = 80, rows = 24 } = {}) {
    super()
    this.isTTY = tty
    this.columns = columns
    this.rows = rows
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString()
    done()
  }

  terminal(env: Record<string, string> = { NO_COLOR: '1' }): Terminal {
    return terminal(this, env)
  }

  /** What stands on the screen once every "up and clear" has been done. */
  picture(): string[] {
    const lines: string[] = []
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences a terminal is drawn with.
    for (const part of this.text.split(/(\u001b\[\d+A\u001b\[J)/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
      const up = /^\u001b\[(\d+)A/.exec(part)?.[1]
      if (up === undefined) lines.push(...part.split('\n').slice(0, -1))
      else lines.length -= Number(up)
    }
    return lines
  }
}

const at = { runId: 'r', at: '2026-01-31T00:00:00.000Z' }
const node = (id: string, state: 'running' | 'completed' | 'failed', more = {}): RunEvent => ({
  ...at,
  type: 'node',
  node: id,
  state,
  attempt: 1,
  counts: {},
  ...more,
})

test('numbers and durations read as people write them', () => {
  expect([0, 999, 1000, 1234567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567'])
  expect([85, 1234, 59_949, 59_990, 184_000, 7_500_000].map(formatDuration)).toEqual([
    '85 ms',
    '1.2 s',
    '59.9 s',
    '1 min 00 s',
    '3 min 04 s',
    '2 h 05 min',
  ])
  expect(formatCounts({ inserted: 1200, updated: 3, deleted: 0, rejected: 1 })).toBe(
    '1,200 inserted, 3 updated, 1 rejected',
  )
  expect(formatCounts({ inserted: 0, updated: 0 })).toBe('0 rows')
  expect(formatCounts({ rowsOut: 1 })).toBe('1 row')
  expect(formatCounts({})).toBe('')
})

test('what rows hold can neither move the cursor nor break a column', () => {
  expect(printable('a\u001b[2J\r\n\u202eb\u009b')).toBe('a␛[2J␍⏎�b�')
  expect([textWidth('abc'), textWidth('東京'), textWidth('e\u0301'), textWidth('🙂')]).toEqual([3, 4, 1, 2])
  expect(clip('東京都', 5)).toBe('東京…')
  expect(clip('abc', 3)).toBe('abc')
})

test('the live table is drawn over itself, with log lines above it', () => {
  const screen = new Screen()
  let now = 0
  const view = progressView(screen.terminal(), ['orders', 'load'], { level: 'info', now: () => now })
  view.event(node('orders', 'running'))
  view.event({ ...at, type: 'log', level: 'debug', message: 'not shown' })
  view.event({ ...at, type: 'log', level: 'warn', node: 'orders', message: 'slow\u001b[2J' })
  now = 2000
  view.event({ ...at, type: 'progress', nodes: { orders: { rowsOut: 1_000_000 } } })
  view.event(node('orders', 'completed', { counts: { rowsOut: 2_000_000 }, ms: 2000 }))
  view.event(node('load', 'failed', { ms: 10 }))
  view.close()
  expect(screen.picture()).toEqual([
    'warn orders: slow␛[2J',
    '✓ completed  orders  2,000,000 rows  1,000,000/s       2.0 s',
    '✗ failed     load                                      10 ms',
  ])
})

test('more nodes than the screen has lines: what failed or runs is shown, the rest is counted', () => {
  const screen = new Screen({ rows: 8 })
  const ids = Array.from({ length: 30 }, (_, index) => `n${index}`)
  const view = progressView(screen.terminal(), ids, { level: 'info' })
  view.event(node('n29', 'failed'))
  view.close()
  const picture = screen.picture()
  expect(picture).toHaveLength(5)
  expect(picture[0]).toContain('n29')
  expect(picture.at(-1)).toBe('… 26 more')
})

test('without a terminal there is one line for each node that ends', () => {
  const screen = new Screen({ tty: false })
  const view = progressView(screen.terminal({}), ['a'], { level: 'info' })
  view.event(node('a', 'running'))
  view.event({ ...at, type: 'progress', nodes: { a: { rowsOut: 5 } } })
  view.event(node('a', 'completed', { counts: { rowsOut: 10 }, ms: 1200 }))
  view.close()
  expect(screen.text).toBe('✓ completed a (10 rows, 1.2 s)\n')
})

test('colours are for terminals and never with NO_COLOR', () => {
  const styled = (screen: Screen, env: Record<string, string>) => screen.terminal(env).style('red', 'x')
  expect(styled(new Screen(), {})).toBe('\u001b[31mx\u001b[39m')
  expect(styled(new Screen(), { NO_COLOR: '1' })).toBe('x')
  expect(styled(new Screen({ tty: false }), {})).toBe('x')
  expect(styled(new Screen({ tty: false }), { FORCE_COLOR: '1' })).toBe('\u001b[31mx\u001b[39m')
})

test('a table that is wider than the terminal says how many columns it leaves out', () => {
  const screen = new Screen({ columns: 20 })
  const columns = ['alpha', 'beta', 'gamma'].map((name) => ({ name, type: { kind: 'text' as const } }))
  const table = new TablePrinter(screen.terminal(), columns)
  table.rows([['a long value', 'b', null]])
  table.end()
  expect(screen.text.split('\n')).toEqual([
    'alpha         beta',
    '────────────  ────',
    'a long value  b',
    '(1 more columns do not fit; widen the terminal)',
    '',
  ])
})

test('JSON follows the type of the column, not the size of the value', () => {
  const columns = [
    { name: 'i', type: { kind: 'int64' as const } },
    { name: 'd', type: { kind: 'decimal' as const } },
    { name: 'f', type: { kind: 'float64' as const } },
    { name: 'j', type: { kind: 'json' as const } },
    { name: 'l', type: { kind: 'list' as const, of: { kind: 'text' as const } } },
    { name: 'b', type: { kind: 'blob' as const } },
  ]
  const rows = [
    [1n, '0.10', 1e21, '{"a":1}', ['x', null], new Uint8Array([255])],
    [9223372036854775807n, 'NaN', Number.NaN, null, [], null],
  ]
  expect(jsonObjects(columns, rows)).toEqual([
    '{"i":1,"d":0.10,"f":1e+21,"j":{"a":1},"l":["x",null],"b":"\\\\xff"}',
    '{"i":9223372036854775807,"d":"NaN","f":"NaN","j":null,"l":[],"b":null}',
  ])
})
