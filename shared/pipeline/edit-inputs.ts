import { edgeId } from './edit-edges.ts'
import type { Pipeline } from './schema.ts'

/**
 * The document with another name for the rows that an edge brings to a node whose inputs its edges name.
 * @param edge as `edgeId` names it
 */
export function renameInput(pipeline: Pipeline, edge: string, name: string): Pipeline {
  const edges = pipeline.edges.map((one) => {
    if (edgeId(one) !== edge || (one.toPort ?? 'in') === name) return one
    const { toPort: _before, ...rest } = one
    return name === 'in' ? rest : { ...rest, toPort: name }
  })
  return edges.every((one, index) => one === pipeline.edges[index]) ? pipeline : { ...pipeline, edges }
}
