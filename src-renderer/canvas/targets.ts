import { registry } from '../../shared/nodes/registry.ts'
import { definitionOf, mainOutput, refusal, type Wish } from '../../shared/pipeline/edit-edges.ts'
import type { Pipeline, PipelineNode } from '../../shared/pipeline/schema.ts'
import { meets } from './kinds.ts'

/** A way a node can be connected to another. */
export interface Target {
  wish: Wish
  /** Ports that do not go without saying, in words. */
  ports: readonly string[]
  /** Why it cannot be, if so. */
  refused: string | undefined
}

/** So many are looked through, the best first. */
const most = 100

/** How well a node meets what was typed, in lower case: by its name before its kind before its settings; 0 when not at all. */
export function rankNode(id: string, node: PipelineNode, typed: string): number {
  const named = Math.max(meets(node.title ?? '', typed), meets(id, typed))
  if (named > 0) return named + 2
  if (meets(node.kind, typed) > 0) return 2
  return meets(JSON.stringify(node.config), typed) > 0 ? 1 : 0
}

/**
 * The ways a node can be connected to others that meet what was typed: words of the other's name, kind or settings, or names of ports. What
 * meets it best comes first, what cannot be after what can.
 * @param order whether the other is only to run afterwards
 */
export function findTargets(pipeline: Pipeline, from: string, typed: string, order: boolean): Target[] {
  const words = typed.trim().toLowerCase()
  const ways = Object.entries(pipeline.nodes).flatMap(([id, node]) =>
    id === from
      ? []
      : waysTo(pipeline, from, id, order).map((way) => ({ ...way, rank: rankWay(id, node, way.ports, words) })),
  )
  return ways
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .slice(0, most)
    .map(({ wish, ports, rank }) => ({ wish, ports, rank, refused: refusal(pipeline, registry, wish) }))
    .sort((a, b) => b.rank - a.rank || Number(a.refused !== undefined) - Number(b.refused !== undefined))
    .map(({ wish, ports, refused }) => ({ wish, ports, refused }))
}

/** One for each pair of ports. */
function waysTo(pipeline: Pipeline, from: string, to: string, order: boolean): { wish: Wish; ports: string[] }[] {
  if (order) return [{ wish: { from, to, after: true }, ports: [] }]
  const source = definitionOf(pipeline, registry, from)
  const inputs = definitionOf(pipeline, registry, to)?.inputs ?? []
  return (source?.outputs ?? []).flatMap((output) =>
    inputs.map((input) => ({
      wish: { from, to, fromPort: output.name, toPort: input.name },
      ports: [
        ...(inputs.length > 1 ? [input.name] : []),
        ...(source && output !== mainOutput(source) ? [`from ${output.name}`] : []),
      ],
    })),
  )
}

/** By all that was typed as one, or by the word that meets it worst. */
function rankWay(id: string, node: PipelineNode, ports: readonly string[], typed: string): number {
  const rank = (word: string) => {
    const port = Math.max(0, ...ports.map((name) => meets(name, word)))
    return Math.max(rankNode(id, node, word), port > 1 ? 2 : 0)
  }
  const words = typed.split(/[\s·]+/).filter((word) => word !== '')
  return Math.max(rankNode(id, node, typed), words.length === 0 ? 0 : Math.min(...words.map(rank)))
}
