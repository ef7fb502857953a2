import { describe, expect, test } from 'vitest'
import { rowsNode, world } from '../../helpers/engine.ts'

const three = rowsNode({ id: 'int64', name: 'text' }, [
  ['1', 'one'],
  ['2', ''],
  ['3', null],
])
const load = (connection: string, table: string, more: object = {}) => ({
  kind: 'load',
  config: { connection, table, mode: 'replace', ...more },
})

describe('branches', () => {
  test('a failed branch leaves the other alone, and what depends on it is skipped', async () => {
    await using w = await world()
    const outcome = await w.run({
      nodes: {
        good: three,
        to_a: load('a', 'kept'),
        bad: { kind: 'query', config: { connection: 'b', sql: 'select * from nowhere' } },
        to_b: load('b', 'never'),
        last: { kind: 'execute', config: { connection: 'a', sql: 'create table after_bad (x)' } },
      },
      edges: [
        { from: 'good', to: 'to_a' },
        { from: 'bad', to: 'to_b' },
        { from: 'to_b', to: 'last', after: true },
      ],
    })
    expect(outcome.state).toBe('failed')
    expect(outcome.error?.at.node).toBe('bad')
    const states = Object.fromEntries(Object.entries(outcome.nodes).map(([id, node]) => [id, node.state]))
    expect(states).toEqual({ good: 'completed', to_a: 'completed', bad: 'failed', to_b: 'skipped', last: 'skipped' })
    expect(w.sqlite('a', 'select * from kept order by id')).toEqual([
      { id: 1, name: 'one' },
      { id: 2, name: '' },
      { id: 3, name: null },
    ])
    expect(w.sqlite('a', "select name from sqlite_master where name = 'after_bad'")).toEqual([])
  })

  test('an order-only edge makes a node wait for another', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          setup: {
            kind: 'execute',
            config: {
              connection: 'a',
              sql: 'create table t (id integer primary key, name text); insert into t values (9, :word)',
            },
          },
          more: three,
          fill: load('a', 't', { mode: 'append' }),
          read: { kind: 'query', config: { connection: 'a', sql: 'select count(*) as n, max(id) as top from t' } },
        },
        edges: [
          { from: 'setup', to: 'fill', after: true },
          { from: 'more', to: 'fill' },
          { from: 'fill', to: 'read', after: true },
        ],
      },
      { params: { word: { type: { kind: 'text' }, value: `it's; drop table t` } } },
    )
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.read?.samples.out?.rows).toEqual([[4n, 9n]])
    expect(w.sqlite('a', 'select name from t where id = 9')).toEqual([{ name: `it's; drop table t` }])
  })

  test('a disabled node and what it feeds do not run', async () => {
    await using w = await world()
    const outcome = await w.run({
      nodes: { off: { ...three, disabled: true }, fed: load('a', 'x'), on: three, to_a: load('a', 'y') },
      edges: [
        { from: 'off', to: 'fed' },
        { from: 'on', to: 'to_a' },
      ],
    })
    expect(outcome.state).toBe('completed')
    expect(outcome.nodes.fed?.state).toBe('skipped')
    expect(outcome.nodes.to_a?.state).toBe('completed')
  })

  test('running to a node runs what it needs and nothing else', async () => {
    await using w = await world()
    const outcome = await w.run(
      {
        nodes: {
          src: three,
          f: { kind: 'filter', config: { where: 'id > 1' } },
          to_a: load('a', 'x'),
          other: load('a', 'y'),
        },
        edges: [
          { from: 'src', to: 'f' },
          { from: 'f', to: 'to_a' },
          { from: 'src', to: 'other' },
        ],
      },
      { to: 'f', mode: 'inspect' },
    )
    expect(outcome.nodes.f?.counts.rowsOut).toBe(2)
    expect(outcome.nodes.to_a?.state).toBe('skipped')
    expect(outcome.nodes.other?.state).toBe('skipped')
  })

  test('both ports of a filter go their own way in both modes', async () => {
    for (const mode of ['deliver', 'inspect'] as const) {
      await using w = await world()
      const outcome = await w.run(
        {
          nodes: {
            src: three,
            f: { kind: 'filter', config: { where: "name <> ''" } },
            yes: load('a', 'yes'),
            no: load('b', 'no'),
          },
          edges: [
            { from: 'src', to: 'f' },
            { from: 'f', to: 'yes' },
            { from: 'f', fromPort: 'rest', to: 'no' },
          ],
        },
        { mode },
      )
      expect(outcome.error).toBeUndefined()
      expect(w.sqlite('a', 'select id from yes')).toEqual([{ id: 1 }])
      expect(w.sqlite('b', 'select id from no order by id')).toEqual([{ id: 2 }, { id: 3 }])
    }
  })

  test('a transform that cannot be bound stops the run before anything is read or written', async () => {
    await using w = await world()
    const outcome = await w.run({
      nodes: {
        src: three,
        early: load('a', 'early'),
        f: { kind: 'filter', config: { where: 'amont > 1' } },
        to_b: load('b', 'late'),
      },
      edges: [
        { from: 'src', to: 'early' },
        { from: 'src', to: 'f' },
        { from: 'f', to: 'to_b' },
      ],
    })
    expect(outcome.state).toBe('failed')
    expect(outcome.error).toMatchObject({ code: 'CONFIG_COLUMN', at: { node: 'f' } })
    expect(outcome.nodes.early?.state).toBe('skipped')
  })

  test('a refused row fails the load with the node and leaves the table as it was', async () => {
    await using w = await world()
    await w.run({
      nodes: { s: three, l: load('a', 't', { mode: 'fail', keys: ['id'] }) },
      edges: [{ from: 's', to: 'l' }],
    })
    const twice = rowsNode({ id: 'int64', name: 'text' }, [
      ['4', 'four'],
      ['1', 'again'],
    ])
    const outcome = await w.run({
      nodes: { s: twice, l: load('a', 't', { mode: 'append' }) },
      edges: [{ from: 's', to: 'l' }],
    })
    expect(outcome.error).toMatchObject({ code: 'DATA_CONSTRAINT', at: { node: 'l' } })
    expect(outcome.nodes.s?.state).toBe('cancelled')
    expect(w.sqlite('a', 'select count(*) as n from t')).toEqual([{ n: 3 }])
  })

  test('refused rows leave by their port, within the limit', async () => {
    await using w = await world()
    await w.run({
      nodes: { s: three, l: load('a', 't', { mode: 'fail', keys: ['id'] }) },
      edges: [{ from: 's', to: 'l' }],
    })
    const rows = rowsNode({ id: 'int64', name: 'text' }, [
      ['4', 'four'],
      ['1', 'a "quoted", text'],
      ['5', 'five'],
    ])
    const outcome = await w.run({
      nodes: { s: rows, l: load('a', 't', { mode: 'append', maxRejects: 1 }), bin: load('b', 'refused') },
      edges: [
        { from: 's', to: 'l' },
        { from: 'l', fromPort: 'rejects', to: 'bin' },
      ],
    })
    expect(outcome.error).toBeUndefined()
    expect(outcome.nodes.l?.counts).toMatchObject({ inserted: 2, rejected: 1 })
    const [refused] = w.sqlite('b', 'select * from refused')
    expect(refused).toMatchObject({ id: 1, name: 'a "quoted", text' })
    expect(String(refused?.reject_reason)).toMatch(/unique/i)
  })
})
