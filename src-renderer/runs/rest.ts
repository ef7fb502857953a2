import { nodeOf, type Pipeline } from '../../shared/pipeline/schema.ts'
import { activeOf, troublesOf } from '../canvas/derived.ts'

/**
 * A pipeline with the nodes switched off that are not set up: what is left of it can run. Undefined where everything is set up, and where nothing
 * would be left.
 */
export function setUpPart(pipeline: Pipeline): Pipeline | undefined {
  const troubles = troublesOf(pipeline)
  if (troubles.size === 0) return undefined
  const nodes = { ...pipeline.nodes }
  for (const id of troubles.keys()) {
    const node = nodeOf(pipeline, id)
    if (node) nodes[id] = { ...node, disabled: true }
  }
  // Edges into them may be what is wrong.
  const part = { ...pipeline, nodes, edges: pipeline.edges.filter(({ to }) => !troubles.has(to)) }
  return activeOf(part).size > 0 && troublesOf(part).size === 0 ? part : undefined
}
