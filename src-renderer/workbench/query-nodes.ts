import type { QueryNodes } from '../../shared/contract/queries.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { addReady } from '../../shared/pipeline/edit-add.ts'
import { newNode } from '../../shared/pipeline/edit-nodes.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { cardHeight, cardWidth } from '../canvas/metrics.ts'
import { tableNode } from '../canvas/table-node.ts'

const [across, down] = [cardWidth + 80, cardHeight + 36]

/** The document with a query on one connection. */
export function withQuery(pipeline: Pipeline, connection: string, sql: string): Pipeline {
  const node = newNode('query', registry)
  return addReady(pipeline, registry, { ...node, config: { ...node.config, connection, sql } }, [0, 0]).pipeline
}

/** The document with a node for each table of a query across databases, and the SQL that reads them; the SQL comes last. */
export function withQueryNodes(pipeline: Pipeline, { sql, tables }: QueryNodes): Pipeline {
  const middle = Math.round(((tables.length - 1) * down) / 40) * 20
  let made = pipeline
  const givers = tables.map(({ input, ...table }, row) => {
    const { node, wanted } = tableNode(table)
    const added = addReady(made, registry, node, [0, row * down], undefined, wanted)
    made = added.pipeline
    return { id: added.id, input }
  })
  const node = newNode('sql', registry)
  const reader = addReady(made, registry, { ...node, config: { ...node.config, sql } }, [
    tables.length === 0 ? 0 : across,
    Math.max(0, middle),
  ])
  const edges = givers.map(({ id, input }) => ({ from: id, to: reader.id, ...(input !== 'in' && { toPort: input }) }))
  return { ...reader.pipeline, edges: [...reader.pipeline.edges, ...edges] }
}
