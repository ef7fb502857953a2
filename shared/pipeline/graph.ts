import { AppError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import { type Edge, nodeOf, type Pipeline } from './schema.ts'

/** Ids by id: who stands directly before or behind a node. */
type Neighbours = ReadonlyMap<string, readonly string[]>

/** Which edges count: those that carry rows, or the order-only ones as well. */
export type Along = 'rows' | 'all'

/** As much of a pipeline as its shape needs. */
export interface Graph {
  nodes: Readonly<Record<string, unknown>>
  edges: readonly Edge[]
}

function neighbours(pipeline: Graph, along: Along, backwards: boolean): Neighbours {
  const map = new Map<string, string[]>(Object.keys(pipeline.nodes).map((id) => [id, []]))
  for (const edge of pipeline.edges) {
    if (edge.after && along === 'rows') continue
    const [start, end] = backwards ? [edge.to, edge.from] : [edge.from, edge.to]
    if (map.has(end)) map.get(start)?.push(end)
  }
  return map
}

function reachable(from: Iterable<string>, next: Neighbours): Set<string> {
  const seen = new Set<string>()
  const waiting = [...from]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const other of next.get(id) ?? []) {
      if (seen.has(other)) continue
      seen.add(other)
      waiting.push(other)
    }
  }
  return seen
}

/** Everything that a node waits for, itself excluded; in no particular order. */
export function ancestors(pipeline: Pipeline, id: string, along: Along = 'all'): Set<string> {
  return reachable([id], neighbours(pipeline, along, true))
}

/** Everything that waits for a node, itself excluded; in no particular order. */
export function descendants(pipeline: Pipeline, id: string, along: Along = 'all'): Set<string> {
  return reachable([id], neighbours(pipeline, along, false))
}

/**
 * The nodes that would run: all but the disabled ones and those that take rows, directly or not, from one. A node that
 * only comes `after` a disabled node still runs.
 */
export function activeNodes(pipeline: Pipeline): Set<string> {
  const disabled = Object.keys(pipeline.nodes).filter((id) => pipeline.nodes[id]?.disabled)
  const cut = reachable(disabled, neighbours(pipeline, 'rows', false))
  return new Set(Object.keys(pipeline.nodes).filter((id) => !cut.has(id) && !pipeline.nodes[id]?.disabled))
}

/**
 * Ids so that every node comes after all it waits for; among nodes that could stand at a place, the one written first.
 * @throws AppError GRAPH_CYCLE naming the circle.
 */
export function topologicalOrder(pipeline: Pipeline): string[] {
  const ids = Object.keys(pipeline.nodes)
  const rank = new Map(ids.map((id, index) => [id, index]))
  const before = neighbours(pipeline, 'all', true)
  const after = neighbours(pipeline, 'all', false)
  const missing = new Map(ids.map((id) => [id, before.get(id)?.length ?? 0]))
  const ready = new RankQueue(ids.filter((id) => missing.get(id) === 0).map((id) => rank.get(id) ?? 0))
  const order: string[] = []
  for (let next = ready.take(); next !== undefined; next = ready.take()) {
    const id = ids[next] ?? ''
    order.push(id)
    for (const other of after.get(id) ?? []) {
      const left = (missing.get(other) ?? 0) - 1
      missing.set(other, left)
      if (left === 0) ready.add(rank.get(other) ?? 0)
    }
  }
  if (order.length < ids.length) throw cycleError(findCycle(pipeline) ?? [])
  return order
}

/** The smallest number first; a binary heap. */
class RankQueue {
  private readonly heap: number[]

  /** @param sorted ascending, which is a heap already. */
  constructor(sorted: number[]) {
    this.heap = sorted
  }

  add(rank: number): void {
    let at = this.heap.push(rank) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.value(parent) <= rank) break
      this.heap[at] = this.value(parent)
      at = parent
    }
    this.heap[at] = rank
  }

  take(): number | undefined {
    const first = this.heap[0]
    const last = this.heap.pop()
    if (last === undefined || this.heap.length === 0) return first
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const child = this.value(left + 1) < this.value(left) ? left + 1 : left
      if (this.value(child) >= last) break
      this.heap[at] = this.value(child)
      at = child
    }
    this.heap[at] = last
    return first
  }

  private value(at: number): number {
    return this.heap[at] ?? Number.POSITIVE_INFINITY
  }
}

/** Ids along a circle, the first one repeated at the end; undefined when there is none. Self edges count. */
export function findCycle(pipeline: Graph): string[] | undefined {
  const next = neighbours(pipeline, 'all', false)
  const done = new Set<string>()
  for (const root of next.keys()) {
    const trail: { id: string; index: number }[] = [{ id: root, index: 0 }]
    const onTrail = new Set([root])
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const other = done.has(top.id) ? undefined : next.get(top.id)?.[top.index++]
      if (other === undefined) {
        done.add(top.id)
        onTrail.delete(top.id)
        trail.pop()
      } else if (onTrail.has(other)) {
        const ids = trail.map(({ id }) => id)
        return [...ids.slice(ids.indexOf(other)), other]
      } else if (!done.has(other)) {
        trail.push({ id: other, index: 0 })
        onTrail.add(other)
      }
    }
  }
  return undefined
}

function cycleError(circle: readonly string[]): AppError {
  const [first] = circle
  return new AppError('GRAPH_CYCLE', `The edges go in a circle: ${circle.join(' → ')}.`, {
    hint: 'Remove one of these edges: a node cannot wait for itself.',
    at: first === undefined ? {} : { node: first, path: `nodes.${first}` },
  })
}

/** @throws AppError GRAPH_NODE, offering the nearest id. */
export function requireNode(pipeline: Pipeline, id: string): void {
  if (nodeOf(pipeline, id)) return
  const ids = Object.keys(pipeline.nodes)
  const all = ids.length === 0 ? 'The pipeline has no nodes.' : `Nodes are ${ids.slice(0, 20).join(', ')}.`
  throw new AppError('GRAPH_NODE', `The pipeline has no node "${id}".`, { hint: didYouMean(id, ids, all) })
}
