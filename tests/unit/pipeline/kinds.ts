import { z } from 'zod'
import { defineNode, type NodeRegistry, outPort } from '../../../shared/nodes/define.ts'
import { execute } from '../../../shared/nodes/execute.ts'
import { filter } from '../../../shared/nodes/filter.ts'
import { join } from '../../../shared/nodes/join.ts'
import { load } from '../../../shared/nodes/load.ts'
import { query } from '../../../shared/nodes/query.ts'
import { erase } from '../../../shared/nodes/registry.ts'
import { sql } from '../../../shared/nodes/sql.ts'
import { union } from '../../../shared/nodes/union.ts'
import type { Edge, Pipeline, PipelineNode } from '../../../shared/pipeline/schema.ts'

/** A kind whose config changed twice: `name` became `table`, then `table` became a list. */
const versioned = defineNode({
  kind: 'versioned',
  title: 'Versioned',
  category: 'source',
  icon: 'IconHistory',
  help: 'A kind with migrations.',
  inputs: [],
  outputs: [outPort],
  config: z.strictObject({ tables: z.array(z.string()) }),
  defaults: {},
  form: [],
  summary: ({ tables }) => tables.join(', '),
  migrations: [
    ({ name, ...rest }) => ({ ...rest, table: name }),
    ({ table, ...rest }) => ({ ...rest, tables: [table] }),
  ],
})

const definitions = [
  erase(query),
  erase(filter),
  erase(join),
  erase(union),
  erase(sql),
  erase(load),
  erase(execute),
  erase(versioned),
]

/** A few real kinds, and one with migrations. */
export const kinds: NodeRegistry = {
  get: (kind) => definitions.find((definition) => definition.kind === kind),
  kinds: () => definitions.map(({ kind }) => kind),
}

/** A document of nodes and edges; an edge is `a>b`, `a.port>b.port`, or `a>>b` for order only. */
export function pipelineOf(nodes: Record<string, Partial<PipelineNode>>, edges: string[]): Pipeline {
  return {
    sluice: 1,
    name: 'Test',
    parameters: [],
    groups: {},
    notes: {},
    nodes: Object.fromEntries(Object.entries(nodes).map(([id, node]) => [id, { kind: 'query', config: {}, ...node }])),
    edges: edges.map(edgeOf),
    layout: {},
  }
}

function edgeOf(text: string): Edge {
  const [left = '', right = ''] = text.split(/>>?/)
  const [from = '', fromPort] = left.split('.')
  const [to = '', toPort] = right.split('.')
  return {
    from,
    to,
    ...(fromPort && { fromPort }),
    ...(toPort && { toPort }),
    ...(text.includes('>>') && { after: true }),
  }
}

export const source: Partial<PipelineNode> = { kind: 'query', config: { connection: 'shop', sql: 'select 1' } }
export const pass: Partial<PipelineNode> = { kind: 'filter', config: { where: 'x > 1' } }
export const target: Partial<PipelineNode> = {
  kind: 'load',
  config: { connection: 'lake', table: 't', mode: 'append' },
}
