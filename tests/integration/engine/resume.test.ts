import { describe, expect, test } from 'vitest'
import type { Earlier, RunOutcome } from '../../../src-main/engine/index.ts'
import { rowsNode, type World, world } from '../../helpers/engine.ts'

const rows = rowsNode({ id: 'int64' }, [['1'], ['2']])
const load = (connection: string, table: string, mode = 'append') => ({
  kind: 'load',
  config: { connection, table, mode },
})

/** What the run history would give to a run that resumes this one. */
function resumeOf(outcome: RunOutcome): Earlier {
  const completed = Object.entries(outcome.nodes)
    .filter(([, node]) => node.state === 'completed')
    .map(([node, { fingerprint }]) => ({ node, fingerprint }))
  return { kept: outcome.outputs, completed, resume: true }
}

const twoLoads = {
  nodes: {
    src: rows,
    first: load('a', 'first'),
    second: load('b', 'second'),
  },
  edges: [
    { from: 'src', to: 'first' },
    { from: 'src', to: 'second' },
  ],
}

async function failSecond(w: World): Promise<RunOutcome> {
  await w.run({
    nodes: {
      x: {
        kind: 'execute',
        config: { connection: 'b', sql: 'create table second (id integer primary key); insert into second values (2)' },
      },
    },
  })
  return w.run(twoLoads)
}

describe('resume', () => {
  test('runs only what failed, from rows that are still there', async () => {
    await using w = await world()
    const failed = await failSecond(w)
    expect(failed.nodes.first?.state).toBe('completed')
    expect(failed.nodes.second?.state).toBe('failed')
    await w.run({ nodes: { x: { kind: 'execute', config: { connection: 'b', sql: 'delete from second' } } } })

    const resumed = await w.run(twoLoads, { earlier: resumeOf(failed) })
    expect(resumed.error).toBeUndefined()
    expect(resumed.nodes.first).toMatchObject({ state: 'completed', kept: true })
    expect(resumed.nodes.src).toMatchObject({ state: 'completed', kept: true })
    expect(w.sqlite('a', 'select id from first order by id')).toEqual([{ id: 1 }, { id: 2 }])
    expect(w.sqlite('b', 'select id from second order by id')).toEqual([{ id: 1 }, { id: 2 }])
  })

  test('a completed load whose settings changed since runs again', async () => {
    await using w = await world()
    const failed = await failSecond(w)
    await w.run({ nodes: { x: { kind: 'execute', config: { connection: 'b', sql: 'delete from second' } } } })
    const changed = { ...twoLoads, nodes: { ...twoLoads.nodes, first: load('a', 'elsewhere') } }
    const resumed = await w.run(changed, { earlier: resumeOf(failed) })
    expect(resumed.nodes.first).toMatchObject({ state: 'completed', kept: false })
    expect(w.sqlite('a', 'select count(*) as n from elsewhere')).toEqual([{ n: 2 }])
  })

  test('nothing is kept after a delivery that went well', async () => {
    await using w = await world()
    const outcome = await w.run({
      nodes: {
        s: rows,
        f: { kind: 'sort', config: { keys: [{ column: 'id', direction: 'desc' }] } },
        l: load('a', 't'),
      },
      edges: [
        { from: 's', to: 'f' },
        { from: 'f', to: 'l' },
      ],
    })
    expect(outcome.error).toBeUndefined()
    expect(outcome.outputs).toEqual([])
  })
})

describe('inspect', () => {
  const doc = {
    nodes: {
      s: rows,
      f: { kind: 'filter', config: { where: 'id > 1' } },
      g: { kind: 'derive', config: { columns: [{ name: 'twice', expression: 'id * 2' }] } },
    },
    edges: [
      { from: 's', to: 'f' },
      { from: 'f', to: 'g' },
    ],
  }

  test('a later run takes over the rows of nodes that did not change', async () => {
    await using w = await world()
    const first = await w.run(doc, { mode: 'inspect' })
    expect(first.error).toBeUndefined()
    const earlier = { kept: first.outputs, completed: [], resume: false }
    const changed = {
      ...doc,
      nodes: { ...doc.nodes, g: { kind: 'derive', config: { columns: [{ name: 'thrice', expression: 'id * 3' }] } } },
    }
    const second = await w.run(changed, { mode: 'inspect', earlier })
    expect(second.error).toBeUndefined()
    expect(second.nodes.s?.kept).toBe(true)
    expect(second.nodes.f?.kept).toBe(true)
    expect(second.nodes.g?.kept).toBe(false)
    expect(second.nodes.g?.samples.out?.rows).toEqual([[2n, 6n]])
    const [run] = w.events.filter((event) => event.type === 'node' && event.node === 'f' && event.kept === true)
    expect(run).toBeDefined()
  })

  test('a change upstream makes everything after it run again', async () => {
    await using w = await world()
    const first = await w.run(doc, { mode: 'inspect' })
    const changed = { ...doc, nodes: { ...doc.nodes, s: rowsNode({ id: 'int64' }, [['7']]) } }
    const second = await w.run(changed, {
      mode: 'inspect',
      earlier: { kept: first.outputs, completed: [], resume: false },
    })
    expect(Object.values(second.nodes).map((node) => node.kept)).toEqual([false, false, false])
    expect(second.nodes.g?.samples.out?.rows).toEqual([[7n, 14n]])
  })
})
