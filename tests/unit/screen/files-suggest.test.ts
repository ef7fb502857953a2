import { describe, expect, it } from 'vitest'
import { registry } from '../../../shared/nodes/registry.ts'
import { suggestConfig } from '../../../shared/pipeline/edit-suggest.ts'
import { type Pipeline, pipelineSchema } from '../../../shared/pipeline/schema.ts'

const pipelineOf = (nodes: object, edges: object[] = []): Pipeline =>
  pipelineSchema.parse({ sluice: 1, name: 'Test', nodes, edges })

const sample = { name: 'sample', readOnly: false }
const mirror = { name: 'mirror', readOnly: true }
const lake = { name: 'lake', readOnly: false }

const suggested = (pipeline: Pipeline, connections = [sample, mirror]) =>
  suggestConfig(pipeline, registry, 'new', connections).nodes.new?.config

describe('settings suggested for a new node', () => {
  it('name the only connection that can be written, and a table after the file', () => {
    const pipeline = pipelineOf(
      {
        file: { kind: 'file', title: 'x', config: { path: '/data/Sales 2024 (EU).csv.gz' } },
        big: { kind: 'filter', config: { where: 'a > 1' } },
        new: { kind: 'load' },
      },
      [
        { from: 'file', to: 'big' },
        { from: 'big', to: 'new' },
      ],
    )
    expect(suggested(pipeline)).toEqual({ connection: 'sample', table: 'sales_2024_eu' })
  })

  it('name no connection when there are several, unless the pipeline uses one of them', () => {
    const alone = pipelineOf({ new: { kind: 'load' } })
    expect(suggested(alone, [sample, lake])).toEqual({})
    const beside = pipelineOf({
      other: { kind: 'load', config: { connection: 'lake', table: 't' } },
      new: { kind: 'load' },
    })
    expect(suggested(beside, [sample, lake])).toEqual({ connection: 'lake' })
  })

  it('let a source read from a connection that cannot be written', () => {
    expect(suggested(pipelineOf({ new: { kind: 'query' } }), [mirror])).toEqual({ connection: 'mirror' })
    expect(suggested(pipelineOf({ new: { kind: 'load' } }), [mirror])).toEqual({})
  })

  it('name the table after the join rather than one of its sides', () => {
    const pipeline = pipelineOf(
      { a: { kind: 'rows' }, b: { kind: 'rows' }, both: { kind: 'join', title: 'Both sides' }, new: { kind: 'load' } },
      [
        { from: 'a', to: 'both', toPort: 'left' },
        { from: 'b', to: 'both', toPort: 'right' },
        { from: 'both', to: 'new' },
      ],
    )
    expect(suggested(pipeline)?.table).toBe('both_sides')
  })

  it('leave alone what is set', () => {
    const pipeline = pipelineOf({ new: { kind: 'load', config: { connection: 'gone', table: 'mine' } } })
    expect(suggestConfig(pipeline, registry, 'new', [sample])).toBe(pipeline)
  })
})
