import { z } from 'zod'
import type { Look, NodeLook } from '../../shared/contract/pipelines.ts'
import { AppError, type ErrorReport, toAppError } from '../../shared/errors.ts'
import type { NodeDefinition, NodeRegistry } from '../../shared/nodes/define.ts'
import { configProblems, problemText } from '../../shared/nodes/problems.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import type { Parameter, Pipeline, PipelineNode } from '../../shared/pipeline/schema.ts'
import { checkGraph, wires } from '../../shared/pipeline/wiring.ts'
import { fillTemplate } from '../../shared/template.ts'
import { analysePipeline, type NodeAnalysis, type Surroundings } from '../engine/index.ts'

export interface LookRequest {
  document: Pipeline
  params: Readonly<Record<string, unknown>>
  registry: NodeRegistry
  /** What nodes reach the outside through, parameters aside. */
  surroundings: Omit<Surroundings, 'params'>
  signal: AbortSignal
}

type Values = ReturnType<typeof resolveParameters>

/**
 * Columns or the error of every node, for a document that may be half written: a node that is not set up says so, and
 * those that take its rows have columns nobody knows yet.
 * @throws AppError GRAPH_CYCLE, RUN_CANCELLED
 */
export async function lookAt(request: LookRequest): Promise<{ nodes: Look['nodes']; params: Values }> {
  const { document } = request
  const { own, open, ...subject } = prepared(request)
  const analysis = await analysePipeline({ ...request.surroundings, ...subject, signal: request.signal })
  const nodes = [...analysis].map(([id, found]): [string, NodeLook] => {
    const node = document.nodes[id]
    const error = own.get(id) ?? (node && found.error && ownError(node, found.error, open))
    return [id, { columns: columnsOf(found), ...(error && { error }) }]
  })
  return { nodes: Object.fromEntries(nodes), params: subject.params }
}

type Draft = Pick<LookRequest, 'document' | 'params' | 'registry'>

/** A document that may be half written, as the engine can look at it: nodes that cannot be are there and give unknown columns. */
export function workable(draft: Draft): { pipeline: Pipeline; registry: NodeRegistry; params: Values } {
  const { pipeline, registry, params } = prepared(draft)
  return { pipeline, registry, params }
}

function prepared({ document, registry, params }: Draft) {
  const { values, open } = lookParameters(document.parameters, params)
  const own = ownProblems(document, registry)
  return { ...standIns(document, registry, own), params: values, own, open }
}

const columnsOf = ({ columns }: NodeAnalysis): NodeLook['columns'] => columns

/**
 * Values to look with: a parameter without a usable value is NULL of its type, so that columns are known before
 * anybody thought of one. `open` names those.
 */
function lookParameters(parameters: readonly Parameter[], given: Readonly<Record<string, unknown>>) {
  const values: Values = {}
  const open = new Set<string>()
  for (const parameter of parameters) {
    const { name } = parameter
    const value = Object.hasOwn(given, name) ? { [name]: given[name] } : {}
    try {
      Object.assign(values, resolveParameters([parameter], value))
    } catch {
      open.add(name)
      const { default: _unusable, ...rest } = parameter
      Object.assign(values, resolveParameters([{ ...rest, optional: true }], {}))
    }
  }
  return { values, open }
}

/** What is wrong with each node as the document alone tells: its config first, then what is wired to it. */
function ownProblems(document: Pipeline, registry: NodeRegistry): Map<string, ErrorReport> {
  const problems = new Map<string, ErrorReport>()
  const put = (node: string, report: Omit<ErrorReport, 'retryable'>) => {
    if (!problems.has(node)) problems.set(node, { ...report, retryable: false })
  }
  for (const [id, node] of Object.entries(document.nodes)) {
    if (node.disabled) continue
    const definition = registry.get(node.kind)
    const [problem] = definition ? configProblems(definition, node.config) : []
    if (!definition)
      put(id, { code: 'GRAPH_NODE', message: `There is no kind of node called ${node.kind}.`, at: { node: id } })
    if (problem) {
      put(id, { code: 'CONFIG_INVALID', message: problemText(problem), at: { node: id, field: problem.field } })
    }
  }
  for (const { code, path, message, hint } of checkGraph(document, registry)) {
    const to = path[0] === 'edges' && typeof path[1] === 'number' ? document.edges[path[1]]?.to : undefined
    if (to !== undefined) put(to, { code, message, ...(hint !== undefined && { hint }), at: { node: to } })
  }
  for (const [id, node] of Object.entries(document.nodes)) {
    const open = node.disabled ? undefined : openPort(document, id, registry)
    if (open !== undefined) {
      put(id, {
        code: 'GRAPH_PORT',
        message: open,
        hint: 'Drag from the output of another node to it.',
        at: { node: id },
      })
    }
  }
  return problems
}

function openPort(document: Pipeline, id: string, registry: NodeRegistry): string | undefined {
  const inputs = registry.get(document.nodes[id]?.kind ?? '')?.inputs ?? []
  const wired = new Set(wires(document, registry).flatMap((wire) => (wire.to === id ? [wire.port] : [])))
  const open = inputs.find((port) => !port.optional && !wired.has(port.name))
  if (!open) return undefined
  return inputs.length === 1 ? 'No rows arrive yet.' : `No rows arrive at "${open.title}" yet.`
}

/** The document with a kind of its own for each node that cannot be analysed, which takes and gives what the node does. */
function standIns(document: Pipeline, registry: NodeRegistry, own: ReadonlyMap<string, ErrorReport>) {
  const kinds = new Map<string, NodeDefinition>()
  const nodes = Object.entries(document.nodes).map(([id, node]): [string, PipelineNode] => {
    const report = own.get(id)
    if (!report) return [id, node]
    const kind = `(${id})`
    kinds.set(kind, standIn(kind, registry.get(node.kind), report))
    return [id, { kind, config: {} }]
  })
  return {
    pipeline: { ...document, nodes: Object.fromEntries(nodes) },
    registry: { get: (kind: string) => kinds.get(kind) ?? registry.get(kind), kinds: registry.kinds },
  }
}

function standIn(kind: string, like: NodeDefinition | undefined, report: ErrorReport): NodeDefinition {
  return {
    kind,
    title: kind,
    category: 'transform',
    icon: 'IconQuestionMark',
    help: '',
    inputs: like?.inputs ?? [],
    outputs: like?.outputs ?? [{ name: 'out', title: 'Rows out' }],
    config: z.unknown(),
    defaults: {},
    form: [],
    summary: () => '',
    sql: () => {
      throw AppError.from(report)
    },
  }
}

/** The error as it concerns the node; none when it only says that a parameter has no value yet. */
function ownError(node: PipelineNode, thrown: AppError, open: ReadonlySet<string>): ErrorReport | undefined {
  if (open.size > 0 && usesTemplate(node.config, open)) return undefined
  const error = toAppError(thrown)
  const field = error.at.field ?? likelyField(node, error)
  if (field === undefined) return error.toJSON()
  const position = error.at.position ?? positionOfName(node.config[field], error.message)
  return error.placed({ field, ...(position !== undefined && { position }) }).toJSON()
}

function usesTemplate(value: unknown, names: ReadonlySet<string>): boolean {
  if (typeof value === 'string') {
    let used = false
    fillTemplate(value, (name) => {
      used ||= names.has(name)
      return ''
    })
    return used
  }
  return typeof value === 'object' && value !== null && Object.values(value).some((item) => usesTemplate(item, names))
}

/** SQLite names what it does not find, and does not say where. */
function positionOfName(text: unknown, message: string): number | undefined {
  const name = /no such (?:column|table|function): (?:\w+\.)*(\w+)/.exec(message)?.[1]
  if (name === undefined || typeof text !== 'string') return undefined
  const found = new RegExp(`(?<!\\w)${name}(?!\\w)`, 'i').exec(text)
  return found?.index
}

/** Databases do not know which field of a node they answer. */
function likelyField({ kind, config }: PipelineNode, { code }: AppError): string | undefined {
  if (code.startsWith('CONNECTION_') || code.startsWith('VAULT_')) {
    return Object.hasOwn(config, 'connection') ? 'connection' : undefined
  }
  if (kind === 'table') return code === 'QUERY_MISSING' ? 'table' : undefined
  return kind === 'query' || kind === 'execute' ? 'sql' : undefined
}
