import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunMode } from '../../../shared/run.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { world } from '../../helpers/engine.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database[Symbol.asyncDispose]())

const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select i from n'

/** Wide enough that the server sends each row at once. */
const slow = "select i, pg_sleep(0.05)::text, repeat('x', 20000) as wide from generate_series(1, 1000000) i"

/** Rows that come one by one and never end: what is seen of them was seen while the query ran. */
const cases: [string, RunMode, string, string][] = [
  ['SQLite, kept', 'inspect', 'a', endless],
  ['SQLite, straight into a load', 'deliver', 'a', endless],
  ['Postgres, kept', 'inspect', 'pg', slow],
  ['Postgres, straight into a load', 'deliver', 'pg', slow],
]

describe('first rows are shown while the query runs', () => {
  test.each(cases)('%s', async (_, mode, connection, sql) => {
    await using w = await world({ pg: postgres.parseUrl(database.url) })
    const controller = new AbortController()
    const shown: unknown[] = []
    const outcome = await w.run(
      {
        nodes: {
          q: { kind: 'query', config: { connection, sql } },
          l: { kind: 'load', config: { connection: 'b', table: 't' } },
        },
        edges: [{ from: 'q', to: 'l' }],
      },
      {
        mode,
        signal: controller.signal,
        onRows(node, port, { rows }) {
          shown.push([node, port, Number(rows[0]?.[0])])
          controller.abort()
        },
      },
    )
    expect(shown).toEqual([['q', 'out', 1]])
    expect(outcome.state).toBe('cancelled')
  })
})
