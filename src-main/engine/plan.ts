import { AppError } from '../../shared/errors.ts'
import type { NodeDefinition, NodeRegistry } from '../../shared/nodes/define.ts'
import { activeNodes, ancestors, requireNode, topologicalOrder } from '../../shared/pipeline/graph.ts'
import type { Pipeline, Retry } from '../../shared/pipeline/schema.ts'
import { wires } from '../../shared/pipeline/wiring.ts'
import type { RunMode } from '../../shared/run.ts'
import { isQuery } from '../../shared/sql/statements.ts'
import type { Executor } from './executors.ts'
import { executorOf } from './io/index.ts'

export interface PlannedEdge {
  port: string
  from: string
  fromPort: string
}

export interface PlannedNode {
  id: string
  definition: NodeDefinition
  /** Parsed with the kind's schema. */
  config: unknown
  executor: Executor | undefined
  retry: Retry | undefined
  timeoutMs: number | undefined
  /** Edges that bring rows, in document order. */
  inputs: PlannedEdge[]
  /** Nodes that must have completed first. */
  after: string[]
  /** Edges that take rows away. */
  consumers: { to: string; port: string; fromPort: string }[]
  /** It reads a connection whose writes commit together at the end, so it reads in their transaction, and its rows are kept. */
  inTransaction: boolean
}

/**
 * What runs as one piece: a node whose rows are kept or that has an effect, and the nodes before it whose rows only pass
 * through on their way there.
 */
export interface Stage {
  /** The node that the stage is for; the last of `members`. */
  root: string
  /** In topological order. */
  members: string[]
  /** Stages, by root, that must have completed first. */
  dependsOn: string[]
}

export interface Plan {
  nodes: Map<string, PlannedNode>
  /** In an order that respects dependencies. */
  stages: Stage[]
  /** Whether rows of unknown number meet others as they arrive, without being kept first. */
  joinsPipes: boolean
  /** Nodes that do not take part: disabled, fed by a disabled node, or not needed for `to`. */
  left: string[]
}

export interface PlanOptions {
  pipeline: Pipeline
  registry: NodeRegistry
  mode: RunMode
  /** Only this node and what it needs. */
  to?: string
  /** Nodes whose rows are there already, from an earlier run. */
  kept: ReadonlySet<string>
  dryRun?: boolean
}

/**
 * Decides what runs, in which pieces.
 * @throws AppError GRAPH_NODE for an unknown node or kind, CONFIG_INVALID for a config that does not fit its kind
 */
export function planPipeline(options: PlanOptions): Plan {
  const { pipeline, to } = options
  if (to !== undefined) requireNode(pipeline, to)
  const order = topologicalOrder(pipeline)
  const wanted = to === undefined ? new Set(order) : new Set([...ancestors(pipeline, to), to])
  const on = activeNodes(pipeline)
  if (to !== undefined && !on.has(to)) throw switchedOff(pipeline, to)
  const active = order.filter((id) => wanted.has(id) && on.has(id))
  const nodes = plannedNodes(options, active)
  return { nodes, ...stagesOf(nodes, options), left: order.filter((id) => !nodes.has(id)) }
}

function switchedOff(pipeline: Pipeline, to: string): AppError {
  const before = pipeline.nodes[to]?.disabled
    ? to
    : [...ancestors(pipeline, to)].find((id) => pipeline.nodes[id]?.disabled)
  const what =
    before === to ? `The node ${to} is switched off` : `The node ${to} takes rows of ${before}, which is switched off`
  return new AppError('GRAPH_NODE', `${what}, so there is nothing to run up to it.`, {
    hint: `Remove "disabled" from ${before}, or run up to another node.`,
    at: { node: to },
  })
}

function plannedNodes(
  { pipeline, registry, dryRun }: PlanOptions,
  active: readonly string[],
): Map<string, PlannedNode> {
  const nodes = new Map<string, PlannedNode>()
  for (const id of active) {
    const node = pipeline.nodes[id]
    const definition = node && registry.get(node.kind)
    if (!node || !definition)
      throw new AppError('GRAPH_NODE', `The node ${id} has no kind that Sluice knows.`, { at: { node: id } })
    nodes.set(id, {
      id,
      definition,
      config: parseConfig(id, definition, node.config),
      executor: executorOf(definition),
      retry: node.retry,
      timeoutMs: node.timeoutMs,
      inputs: [],
      after: [],
      consumers: [],
      inTransaction: false,
    })
  }
  for (const { from, fromPort, to, toPort } of wires(pipeline, registry)) {
    if (!nodes.has(from)) continue
    nodes.get(to)?.inputs.push({ port: toPort, from, fromPort })
    if (nodes.has(to)) nodes.get(from)?.consumers.push({ to, port: toPort, fromPort })
  }
  for (const { from, to, after } of pipeline.edges) {
    if (after && nodes.has(from)) nodes.get(to)?.after.push(from)
  }
  if (dryRun || pipeline.atomic === 'pipeline') markReaders([...nodes.values()])
  return nodes
}

/** On a session of its own a reader would not see what was written before it, or wait for a lock that is only given up at the end. */
function markReaders(nodes: readonly PlannedNode[]): void {
  const writes = (node: PlannedNode) => node.definition.effect === true || mayWrite(node)
  const written = new Set(nodes.flatMap((node) => (writes(node) ? (connectionOf(node) ?? []) : [])))
  for (const node of nodes) {
    const connection = connectionOf(node)
    node.inTransaction = node.executor?.role === 'source' && connection !== undefined && written.has(connection)
  }
}

/** Whether a query node's statement may be one that changes rows and gives some back. False alarms only cost time. */
function mayWrite({ executor, config }: PlannedNode): boolean {
  if (executor?.role !== 'source' || typeof config !== 'object' || config === null || !('sql' in config)) return false
  return !isQuery(String(config.sql), 'postgres')
}

/** The connection that a node names. */
export function connectionOf({ config }: Pick<PlannedNode, 'config'>): string | undefined {
  const named = typeof config === 'object' && config !== null && 'connection' in config ? config.connection : undefined
  return typeof named === 'string' ? named : undefined
}

function parseConfig(id: string, definition: NodeDefinition, config: unknown): unknown {
  const parsed = definition.config.safeParse(config)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new AppError(
    'CONFIG_INVALID',
    `The node ${id} is not set up right: ${issue?.message ?? 'its config does not fit'}.`,
    {
      at: {
        node: id,
        field: issue?.path.join('.') ?? '',
        path: ['nodes', id, 'config', ...(issue?.path ?? [])].join('.'),
      },
    },
  )
}

function stagesOf(nodes: Map<string, PlannedNode>, { mode, kept }: PlanOptions): Pick<Plan, 'stages' | 'joinsPipes'> {
  const fusedInto = new Map<string, string>()
  const piped = new Set<string>()
  const precedes = new Set([...nodes.values()].flatMap((node) => node.after))
  for (const node of nodes.values()) {
    if (isPiped(node, fusedInto, piped)) piped.add(node.id)
    const [consumer, ...others] = node.consumers
    const next = consumer && nodes.get(consumer.to)
    if (
      mode === 'inspect' ||
      !next ||
      others.length > 0 ||
      precedes.has(node.id) ||
      node.inTransaction ||
      kept.has(node.id) ||
      kept.has(next.id)
    )
      continue
    if (passesOn(node) && takesInPassing(next, piped.has(node.id))) fusedInto.set(node.id, next.id)
  }
  const rootOf = (id: string): string => {
    const next = fusedInto.get(id)
    return next === undefined ? id : rootOf(next)
  }
  const members = Map.groupBy(nodes.keys(), rootOf)
  const stages: Stage[] = []
  for (const [root, ids] of members) {
    const needs = ids.flatMap((id) => [
      ...(nodes.get(id)?.inputs.map((edge) => edge.from) ?? []),
      ...(nodes.get(id)?.after ?? []),
    ])
    const dependsOn = new Set(needs.map(rootOf))
    dependsOn.delete(root)
    stages.push({ root, members: ids, dependsOn: [...dependsOn] })
  }
  const position = new Map([...nodes.keys()].map((id, index) => [id, index]))
  stages.sort((a, b) => (position.get(a.root) ?? 0) - (position.get(b.root) ?? 0))
  return { stages, joinsPipes: [...nodes.values()].some((node) => node.inputs.length > 1 && piped.has(node.id)) }
}

/** Whether the node's rows arrive through a pipe that can be read only once, should they not be kept. */
function isPiped(node: PlannedNode, fusedInto: ReadonlyMap<string, string>, piped: ReadonlySet<string>): boolean {
  if (node.executor?.role === 'source') return node.executor.piped
  if (node.executor?.role === 'rows') return true
  return node.inputs.some((edge) => fusedInto.get(edge.from) === node.id && piped.has(edge.from))
}

/** Sources, transforms and code may hand rows on without keeping them; loads and assertions end a stage. */
function passesOn(node: PlannedNode): boolean {
  return node.executor === undefined || node.executor.role === 'source' || node.executor.role === 'rows'
}

function takesInPassing(next: PlannedNode, piped: boolean): boolean {
  if (next.executor?.role === 'gate') return false
  if (next.executor?.role === 'sink') return next.executor.reads === 'once' || !piped
  if (next.executor?.role === 'rows') return true
  // Where nothing takes its rows all its ports are kept, each by a query of its own.
  const ports =
    next.consumers.length === 0
      ? next.definition.outputs.length
      : new Set(next.consumers.map((edge) => edge.fromPort)).size
  return ports <= 1 && (!piped || next.definition.readsOnce?.(next.config) === true)
}
