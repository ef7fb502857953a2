import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { rowsNode, type World, world } from '../../helpers/engine.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'

let pg: FreshDatabase
let w: World
beforeAll(async () => {
  pg = await freshDatabase()
  w = await world({ pg: postgres.parseUrl(pg.url) })
})
afterAll(async () => {
  await w[Symbol.asyncDispose]()
  await pg.drop()
})

const load = (table: string, more: object = {}) => ({
  kind: 'load',
  config: { connection: 'pg', table, mode: 'append' },
  ...more,
})

describe('what Postgres checks at a commit', () => {
  const rows = rowsNode({ id: 'int64', parent: 'int64' }, [
    ['1', '2'],
    ['2', null],
  ])
  const orphans = rowsNode({ id: 'int64', parent: 'int64' }, [['3', '4']])
  const shared = { edges: [{ from: 's', to: 'l' }] }

  beforeAll(async () => {
    await pg.sql(
      'create table tree (id int primary key, parent int references tree (id) deferrable initially deferred)',
    )
  })

  test.each(['node', 'pipeline'] as const)('a dry run is refused for as well, atomic by %s', async (atomic) => {
    const outcome = await w.run({ ...shared, atomic, nodes: { s: orphans, l: load('tree') } }, { dryRun: true })
    expect(outcome.state).toBe('failed')
    expect(outcome.nodes.l).toMatchObject({ state: 'failed', error: { code: 'DATA_CONSTRAINT' } })
    expect(outcome.nodes.l?.error?.message).toContain('tree_parent_fkey')
  })

  test.each(['node', 'pipeline'] as const)('is left for the end of each node, atomic by %s', async (atomic) => {
    const outcome = await w.run({ ...shared, atomic, nodes: { s: rows, l: load('tree') } }, { dryRun: true })
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.l?.counts).toMatchObject({ inserted: 2 })
    expect(await pg.sql('select * from tree')).toEqual([])
  })

  test('stays deferred for the nodes after one that was checked', async () => {
    const nodes = {
      one: { kind: 'execute', config: { connection: 'pg', sql: 'insert into tree values (1, null)' } },
      two: {
        kind: 'execute',
        config: { connection: 'pg', sql: 'insert into tree values (2, 3); insert into tree values (3, 1)' },
      },
    }
    const outcome = await w.run({ nodes, edges: [{ from: 'one', to: 'two', after: true }] }, { dryRun: true })
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.two?.counts).toMatchObject({ updated: 2 })
  })
})

describe('a commit of which nobody knows how it ended', () => {
  const source = rowsNode({ id: 'int64' }, [['1']])
  const atCommit = (table: string, what: string) =>
    pg.sql(`create table ${table} (id int);
      create function ${table}_f() returns trigger language plpgsql as $$ begin ${what}; return null; end $$;
      create constraint trigger at_commit after insert on ${table} deferrable initially deferred for each row execute function ${table}_f()`)

  test('is not tried again when the connection is lost, though retries are for that', async () => {
    await atCommit('doomed', 'perform pg_terminate_backend(pg_backend_pid())')
    const retry = { count: 3, delayMs: 1, on: ['CONNECTION'] }
    const outcome = await w.run({
      nodes: { s: source, l: load('doomed', { retry }) },
      edges: [{ from: 's', to: 'l' }],
    })
    expect(outcome.nodes.l).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'CONNECTION_LOST' } })
  })

  test('is not tried again when the time limit passes', async () => {
    await atCommit('slow', 'perform pg_sleep(3600)')
    const outcome = await w.run({
      nodes: { s: source, l: load('slow', { timeoutMs: 1500, retry: { count: 3, delayMs: 1 } }) },
      edges: [{ from: 's', to: 'l' }],
    })
    expect(outcome.nodes.l).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'LIMIT_TIME', message: expect.stringContaining('being committed') },
    })
  })
})
