import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { world } from '../helpers/engine.ts'

test('a value that does not fit its column in a table node says where it can be converted', async () => {
  await using at = await world()
  const database = new DatabaseSync(at.path('a'))
  database.exec(`create table t (v integer); insert into t values (1), ('many')`)
  database.close()
  const outcome = await at.run({
    nodes: {
      t: { kind: 'table', config: { connection: 'a', table: 't' } },
      to: { kind: 'load', config: { connection: 'b', table: 't', mode: 'replace' } },
    },
    edges: [{ from: 't', to: 'to' }],
  })
  expect(outcome.nodes.t?.error).toMatchObject({
    code: 'DATA_TYPE',
    message: expect.stringContaining('"many"'),
    hint: expect.stringMatching(/SQL of a query node .*cast\("v" as text\)/),
  })
})
