import { registry } from '../../shared/nodes/registry.ts'
import { checkNodes } from '../../shared/pipeline/check.ts'
import { activeNodes } from '../../shared/pipeline/graph.ts'
import { formatPath } from '../../shared/pipeline/place.ts'
import type { Problem } from '../../shared/pipeline/problems.ts'
import type { Edge, Pipeline, PipelineNode } from '../../shared/pipeline/schema.ts'
import { checkGraph, type Wire, wires } from '../../shared/pipeline/wiring.ts'

/** What is wrong with a node before it runs. */
export interface Trouble {
  /** `incomplete`: something is not said yet. `broken`: what is said cannot be. */
  type: 'incomplete' | 'broken'
  message: string
}

/** Remembers what was made of the nodes and edges of a document: dragging and renaming groups do not make it anew. */
function ofGraph<T>(make: (pipeline: Pipeline) => T): (pipeline: Pipeline) => T {
  const known = new WeakMap<Pipeline['nodes'], { edges: Pipeline['edges']; made: T }>()
  return (pipeline) => {
    const before = known.get(pipeline.nodes)
    if (before?.edges === pipeline.edges) return before.made
    const made = make(pipeline)
    known.set(pipeline.nodes, { edges: pipeline.edges, made })
    return made
  }
}

export const activeOf = ofGraph(activeNodes)

/** Edges that carry rows, by what they are in the document. */
export const wiresOf = ofGraph((pipeline): ReadonlyMap<Edge, Wire> => {
  const found = new Map<Edge, Wire>()
  for (const wire of wires(pipeline, registry)) {
    const edge = pipeline.edges[wire.index]
    if (edge) found.set(edge, wire)
  }
  return found
})

/** By node: the first thing that keeps it from running, as far as the document alone tells. */
export const troublesOf = ofGraph((pipeline): ReadonlyMap<string, Trouble> => {
  const troubles = new Map<string, Trouble>()
  const wired = new Set([...wiresOf(pipeline).values()].map(({ to, port }) => `${to} ${port}`))
  for (const [id, node] of Object.entries(pipeline.nodes)) {
    if (node.disabled) continue
    const [open, config] = [openInput(id, node, wired), configTrouble(node)]
    const message = [open?.message, config?.message].filter((text) => text !== undefined).join(' ')
    if (message !== '') troubles.set(id, { type: config?.type ?? 'incomplete', message })
  }
  for (const problem of checkGraph(pipeline, registry)) {
    const index = problem.path[0] === 'edges' ? problem.path[1] : undefined
    const edge = typeof index === 'number' ? pipeline.edges[index] : undefined
    if (edge && !troubles.has(edge.to)) troubles.set(edge.to, { type: 'broken', message: problem.message })
    if (problem.code === 'GRAPH_CYCLE' && problem.path[0] === 'nodes' && typeof problem.path[1] === 'string') {
      troubles.set(problem.path[1], { type: 'broken', message: problem.message })
    }
  }
  return troubles
})

/** Which nodes would give other rows than they did in a run: their settings or what they take rows from changed since. */
export function changedSince(ran: Pipeline, now: Pipeline): ReadonlySet<string> {
  const before = comparisons.get(ran)
  if (before?.nodes === now.nodes && before.edges === now.edges) return before.changed
  const changed = compare(ran, now)
  comparisons.set(ran, { nodes: now.nodes, edges: now.edges, changed })
  return changed
}

const comparisons = new WeakMap<
  Pipeline,
  { nodes: Pipeline['nodes']; edges: Pipeline['edges']; changed: ReadonlySet<string> }
>()

function compare(ran: Pipeline, now: Pipeline): ReadonlySet<string> {
  if (ran.nodes === now.nodes && ran.edges === now.edges) return new Set()
  const inputsOf = (pipeline: Pipeline) =>
    Map.groupBy(
      pipeline.edges.filter((edge) => !edge.after),
      ({ to }) => to,
    )
  const [inputsBefore, inputsNow] = [inputsOf(ran), inputsOf(now)]
  const changed = new Set(
    Object.entries(now.nodes).flatMap(([id, node]) => {
      const same =
        sameSettings(ran.nodes[id], node) &&
        (inputsBefore.get(id) === inputsNow.get(id) ||
          JSON.stringify(inputsBefore.get(id)) === JSON.stringify(inputsNow.get(id)))
      return same ? [] : [id]
    }),
  )
  const next = Map.groupBy(
    now.edges.filter((edge) => !edge.after),
    ({ from }) => from,
  )
  // A set goes on to what is added while it is walked, so this reaches everything downstream.
  for (const id of changed) for (const { to } of next.get(id) ?? []) changed.add(to)
  return changed
}

function sameSettings(a: PipelineNode | undefined, b: PipelineNode): boolean {
  if (a === b) return true
  if (a?.kind !== b.kind || (a.disabled ?? false) !== (b.disabled ?? false)) return false
  return a.config === b.config || JSON.stringify(a.config) === JSON.stringify(b.config)
}

const configTroubles = new WeakMap<PipelineNode, { trouble: Trouble | undefined }>()

function configTrouble(node: PipelineNode): Trouble | undefined {
  const known = configTroubles.get(node)
  if (known) return known.trouble
  const [problem] = checkNodes({ it: node }, registry).problems
  const trouble = problem && inWords(problem, node)
  configTroubles.set(node, { trouble })
  return trouble
}

/** Labels that name several things: Keys, Columns to add. */
const several = /^\w*[^s]s( (to|from)\b.*)?$/

/** A problem as the card says it: by the label of the field rather than by its place in the file. */
function inWords({ path, message }: Problem, { kind, config }: PipelineNode): Trouble {
  const [, , place, field] = path
  if (place !== 'config') return { type: 'broken', message: `There is no kind of node called "${kind}".` }
  const label = registry.get(kind)?.form.find(({ name }) => name === field)?.label ?? String(field ?? 'Settings')
  const value = typeof field === 'string' ? config[field] : undefined
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  if (empty) return { type: 'incomplete', message: `${label} ${several.test(label) ? 'are' : 'is'} not set.` }
  const item = typeof path[4] === 'number' ? `${label} ${path[4] + 1}` : label
  const rest = message.startsWith(formatPath(path)) ? message.slice(formatPath(path).length) : `: ${message}`
  if (!rest.startsWith(' is missing')) return { type: 'broken', message: `${item}${rest}` }
  return { type: 'incomplete', message: `${item}${typeof path[5] === 'string' ? `: ${path[5]}` : ''}${rest}` }
}

function openInput(id: string, { kind }: PipelineNode, wired: ReadonlySet<string>): Trouble | undefined {
  const inputs = registry.get(kind)?.inputs ?? []
  const open = inputs.filter((port) => !port.optional && !wired.has(`${id} ${port.name}`))
  if (open.length === 0) return undefined
  const which =
    inputs.length === 1 ? 'No rows arrive yet' : `Nothing is connected to ${open.map(({ name }) => name).join(' and ')}`
  return { type: 'incomplete', message: `${which}.` }
}
