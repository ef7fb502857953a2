import { expect, test } from 'vitest'
import { world } from '../../helpers/engine.ts'

const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select i % 100 as i, i as n from n'

/** Were the left rows held in memory, this would never end, whatever the engine takes their number for. */
test('a join lets its left input pass by and holds its right one', async () => {
  await using w = await world()
  const outcome = await w.run({
    nodes: {
      many: { kind: 'query', config: { connection: 'a', sql: endless } },
      some: { kind: 'filter', config: { where: 'n > 10' } },
      few: {
        kind: 'rows',
        config: { columns: [{ name: 'i', type: 'int64' }], rows: Array.from({ length: 100 }, (_, i) => [String(i)]) },
      },
      both: { kind: 'join', config: { type: 'inner', keys: [{ left: 'i' }] } },
      first: { kind: 'limit', config: { count: 5 } },
      load: { kind: 'load', config: { connection: 'b', table: 't' } },
    },
    edges: [
      { from: 'many', to: 'some' },
      { from: 'some', to: 'both', toPort: 'left' },
      { from: 'few', to: 'both', toPort: 'right' },
      { from: 'both', to: 'first' },
      { from: 'first', to: 'load' },
    ],
  })
  expect(outcome.error).toBeUndefined()
  expect(outcome.nodes.load?.counts).toMatchObject({ inserted: 5 })
})
