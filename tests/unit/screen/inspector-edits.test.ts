import { describe, expect, it } from 'vitest'
import { setConfig, setNode, valueAt, withValue } from '../../../shared/pipeline/edit-config.ts'
import { edgeId } from '../../../shared/pipeline/edit-edges.ts'
import { renameInput } from '../../../shared/pipeline/edit-inputs.ts'
import { addParameter, removeParameter, setParameter, setPipeline } from '../../../shared/pipeline/edit-pipeline.ts'
import { mentionedTables } from '../../../src-renderer/editors/sql-names.ts'
import { arrivingAt } from '../../../src-renderer/inspector/arriving.ts'
import { pipelineOf } from '../../helpers/engine.ts'

const pipeline = pipelineOf({
  nodes: {
    a: { kind: 'rows', config: { columns: [{ name: 'x', type: 'int64' }] } },
    b: { kind: 'sort', config: { keys: [{ column: 'x' }, { column: 'y' }] } },
    s: { kind: 'sql', config: { sql: 'select * from input' } },
  },
  edges: [
    { from: 'a', to: 'b' },
    { from: 'a', to: 's' },
  ],
})

describe('a config', () => {
  it('changes at a path and shares the rest', () => {
    const after = setConfig(pipeline, 'b', ['keys', 1, 'direction'], 'desc')
    expect(after.nodes.b?.config).toEqual({ keys: [{ column: 'x' }, { column: 'y', direction: 'desc' }] })
    expect(valueAt(after.nodes.b?.config, ['keys', 0])).toBe(valueAt(pipeline.nodes.b?.config, ['keys', 0]))
    expect(after.nodes.a).toBe(pipeline.nodes.a)
  })

  it('loses keys and items that become undefined', () => {
    expect(setConfig(pipeline, 'b', ['keys', 0], undefined).nodes.b?.config).toEqual({ keys: [{ column: 'y' }] })
    expect(setConfig(pipeline, 'b', ['keys'], undefined).nodes.b?.config).toEqual({})
    expect(withValue({ a: {} }, ['b', 'c'], 1)).toEqual({ a: {}, b: { c: 1 } })
  })

  it('is the same document when nothing changed, or the node is gone', () => {
    expect(setConfig(pipeline, 'b', ['keys', 0, 'column'], 'x')).toBe(pipeline)
    expect(setConfig(pipeline, 'nobody', ['keys'], [])).toBe(pipeline)
  })
})

describe("a node's own settings", () => {
  it('come and go', () => {
    const noted = setNode(pipeline, 'b', { note: 'why', timeoutMs: 5, disabled: true })
    expect(noted.nodes.b).toMatchObject({ note: 'why', timeoutMs: 5, disabled: true })
    expect(setNode(noted, 'b', { note: '', timeoutMs: undefined, disabled: false }).nodes.b).toEqual(pipeline.nodes.b)
  })
})

describe('the pipeline and its parameters', () => {
  it('change one by one', () => {
    const named = setPipeline(pipeline, { name: 'New', description: 'What for', atomic: 'pipeline' })
    expect(named).toMatchObject({ name: 'New', description: 'What for', atomic: 'pipeline' })
    expect(setPipeline(named, { description: '', atomic: undefined })).not.toHaveProperty('description')
    const two = addParameter(addParameter(pipeline))
    expect(two.parameters.map(({ name }) => name)).toEqual(['parameter', 'parameter_2'])
    const set = setParameter(two, 1, { type: 'int', default: '3', min: '1' })
    expect(set.parameters[1]).toEqual({ name: 'parameter_2', type: 'int', default: '3', min: '1' })
    expect(setParameter(set, 1, { default: undefined }).parameters[1]).not.toHaveProperty('default')
    expect(removeParameter(two, 0).parameters.map(({ name }) => name)).toEqual(['parameter_2'])
  })
})

describe('an edge into a node that names its inputs', () => {
  it('gets another name, and loses it', () => {
    const [, edge] = pipeline.edges
    const named = renameInput(pipeline, edge ? edgeId(edge) : '', 'orders')
    expect(named.edges[1]).toEqual({ from: 'a', to: 's', toPort: 'orders' })
    expect(renameInput(named, named.edges[1] ? edgeId(named.edges[1]) : '', 'in').edges[1]).toEqual(edge)
  })
})

describe('what arrives', () => {
  it('is what the nodes before give, as the node calls it', () => {
    const columns = [{ name: 'x', type: { kind: 'int64' as const } }]
    const look = { nodes: { a: { columns: { out: columns } } } }
    expect(arrivingAt(pipeline, look, 's')).toEqual([{ port: 'in', name: 'in', from: 'a', columns }])
    expect(arrivingAt(pipeline, undefined, 'b')).toEqual([{ port: 'in', name: 'in', from: 'a', columns: null }])
  })
})

describe('tables that SQL mentions', () => {
  const names = (sql: string) =>
    mentionedTables(sql, 'postgres').map(({ schema, name, alias }) => [schema, name, alias].filter(Boolean).join(' '))

  it('are found with their aliases, in half-written SQL too', () => {
    expect(names('select c. from customers c')).toEqual(['customers c'])
    expect(names('select * from sales.orders as o, items i join "Odd ""name""" using (id)')).toEqual([
      'sales orders o',
      'items i',
      'Odd "name"',
    ])
    expect(names('select * from orders where')).toEqual(['orders'])
    expect(names('update stock set a = 1')).toEqual(['stock'])
  })

  it('are not found in strings and comments', () => {
    expect(names("select 'from a' -- from b\n from c /* join d */")).toEqual(['c'])
  })
})
