import { describe, expect, test } from 'vitest'
import { rowsNode, world } from '../../helpers/engine.ts'

const limits = { memoryMb: 64, threads: 2, parallel: 1 }
const one = rowsNode({ n: 'int64' }, [['1']])
/** Some 75 MB of rows, more than the limit allows in memory. */
const wide = {
  kind: 'sql',
  config: { sql: 'select range as i, md5(range::varchar) as noise from range(1500000), "in"' },
}

describe('work larger than memory', () => {
  test('a sort spills to disk and finishes', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          one,
          wide,
          sorted: { kind: 'sort', config: { keys: [{ column: 'noise' }] } },
          first: { kind: 'limit', config: { count: 1, offset: 1_499_999 } },
        },
        edges: [
          { from: 'one', to: 'wide' },
          { from: 'wide', to: 'sorted' },
          { from: 'sorted', to: 'first' },
        ],
      },
      { limits, mode: 'inspect' },
    )
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.sorted?.counts.rowsOut).toBe(1_500_000)
    expect(outcome.nodes.first?.samples.out?.rows[0]?.[1]).toBe('fffffe98d0963d27015c198262d97221')
  })

  test('a join spills to disk and finishes', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          one,
          left: wide,
          right: wide,
          joined: { kind: 'join', config: { type: 'inner', keys: [{ left: 'noise', right: 'noise' }] } },
          counted: { kind: 'aggregate', config: { measures: [{ name: 'n', function: 'count' }] } },
        },
        edges: [
          { from: 'one', to: 'left' },
          { from: 'one', to: 'right' },
          { from: 'left', to: 'joined', toPort: 'left' },
          { from: 'right', to: 'joined', toPort: 'right' },
          { from: 'joined', to: 'counted' },
        ],
      },
      { limits, mode: 'inspect' },
    )
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.counted?.samples.out?.rows).toEqual([[1_500_000n]])
  })
})
