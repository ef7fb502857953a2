import { afterAll, beforeAll, expect, test } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { rowsNode, type World, world } from '../../helpers/engine.ts'
import { type FreshMariaDb, freshMariaDb } from '../../helpers/mariadb.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let pg: FreshDatabase
let my: FreshMariaDb
let w: World
beforeAll(async () => {
  pg = await freshDatabase()
  my = await freshMariaDb()
  w = await world({ pg: postgres.parseUrl(pg.url), my: mysql.parseUrl(my.url) })
})
afterAll(async () => {
  await w[Symbol.asyncDispose]()
  await pg.drop()
  await my.drop()
})

const arriving = [
  [1, 'one'],
  [7, 'matches nothing'],
  [null, 'nor does this'],
  [1, 'again'],
]
const filled = [
  [1, 'a'],
  [1, 'b'],
  [2, 'c'],
]
const columns = { id: 'int32', name: 'text' }

const ways = ['a', 'pg', 'my'].flatMap((connection) =>
  (['update', 'delete'] as const).flatMap((mode) =>
    [0, 1].map((maxRejects) => ({ connection, mode, keys: ['id'], maxRejects })),
  ),
)

test.each(ways)(
  '$mode in $connection with $maxRejects rows refused at most tells how many arrived, as does what feeds it',
  async (way) => {
    const load = (more: object) => ({ kind: 'load', config: { connection: way.connection, table: 'kept', ...more } })
    await w.run({
      nodes: { rows: rowsNode(columns, filled), to: load({ mode: 'replace' }) },
      edges: [{ from: 'rows', to: 'to' }],
    })
    const { nodes, error } = await w.run({
      nodes: {
        rows: rowsNode(columns, arriving),
        derived: { kind: 'derive', config: { columns: [{ name: 'name', expression: 'upper(name)' }] } },
        to: load(way),
      },
      edges: [
        { from: 'rows', to: 'derived' },
        { from: 'derived', to: 'to' },
      ],
    })
    expect(error).toBeUndefined()
    expect(nodes.to?.counts).toMatchObject({ rowsIn: arriving.length, rejected: 0 })
    expect(nodes.derived?.counts.rowsOut).toBe(arriving.length)
  },
)
