import { AppError, type ErrorReport } from '../errors.ts'
import type { NodeRegistry } from '../nodes/define.ts'
import { checkNodes, checkPipeline } from './check.ts'
import { readJson } from './json.ts'
import { limits } from './limits.ts'
import { joinLines } from './lines.ts'
import { isRaw, migrateConfig, migrateDocument } from './migrate.ts'
import { DocumentError, locatedReports, type Problem, problemReport } from './problems.ts'
import { documentVersion, edgeSchema, type Pipeline, pipelineSchema } from './schema.ts'
import { checkEdges, type Salvaged } from './wiring.ts'
import { issuesToProblems } from './words.ts'

export interface ParsedPipeline {
  /** The document as written, brought to today's version. */
  pipeline: Pipeline
  /** Configs as their kind's schema gives them, defaults filled in, by node id. Disabled nodes may be absent. */
  configs: ReadonlyMap<string, unknown>
  /** The version the text was written in. */
  fromVersion: number
}

export interface OpenedPipeline extends ParsedPipeline {
  /** What keeps it from running, in the order of the text; nodes named here may be absent from `configs`. */
  problems: readonly ErrorReport[]
}

/**
 * Refuses a document by its size alone, so that a caller need not read a huge file to find that out.
 * @param bytes size of the file or text in bytes
 * @throws AppError DOC_LIMIT
 */
export function checkSize(bytes: number): void {
  if (bytes <= limits.bytes) return
  const megabytes = (size: number) => `${Math.ceil(size / 1024 / 1024)} MB`
  throw new AppError('DOC_LIMIT', `The file has ${megabytes(bytes)}; a pipeline may have ${megabytes(limits.bytes)}.`, {
    hint: 'Keep large data in files or tables that the pipeline reads, not in the pipeline itself.',
  })
}

/**
 * Reads a pipeline to run it: the text must be a document without any problem.
 * @throws DocumentError (an AppError) carrying all problems, each with path, line and hint; AppError DOC_SYNTAX,
 *   DOC_VERSION or DOC_LIMIT when the text could not be looked into.
 */
export function parsePipeline(text: string, registry: NodeRegistry): ParsedPipeline {
  const { problems, ...parsed } = openPipeline(text, registry)
  if (problems.length > 0) throw new DocumentError(problems)
  return parsed
}

/**
 * Reads a pipeline to edit it: half-finished configs, open inputs and unknown kinds come back as `problems`; only a
 * text whose shape is not a pipeline's is refused.
 * @throws as `parsePipeline`
 */
export function openPipeline(text: string, registry: NodeRegistry): OpenedPipeline {
  checkSize(text.length)
  const { value, flaws } = readJson(text, limits.depth)
  const { document, from } = migrateDocument(value)
  checkCounts(document)
  // A migrated document has other paths than the text, so its problems are given without lines.
  const report = (problems: readonly Problem[]) =>
    from === documentVersion ? locatedReports(problems, text) : problems.slice(0, limits.problems).map(problemReport)
  const { nodes, problems: tooNew } = prepareNodes(document.nodes, registry)
  const prepared = Object.assign(document, { nodes })
  const parsed = pipelineSchema.safeParse(prepared)
  const flawed = flaws.map(({ path, message, hint }): Problem => ({ code: 'DOC_SCHEMA', path, message, hint }))
  if (!parsed.success || flawed.length > 0 || tooNew.length > 0) {
    const shape = parsed.success ? [] : issuesToProblems(parsed.error.issues, pipelineSchema, prepared, [])
    const { ends, circle } = checkEdges(salvageGraph(nodes, document.edges), registry)
    const configs = checkNodes(salvage(nodes), registry).problems
    throw new DocumentError(report([...flawed, ...tooNew, ...shape, ...configs, ...ends, ...circle]))
  }
  const { configs, problems } = checkPipeline(parsed.data, registry)
  return { pipeline: parsed.data, configs, fromVersion: from, problems: report(problems) }
}

function checkCounts(document: Record<string, unknown>): void {
  const count = (value: unknown) => (typeof value === 'object' && value !== null ? Object.keys(value).length : 0)
  for (const key of ['nodes', 'edges', 'parameters'] as const) {
    const found = count(document[key])
    if (found <= limits[key]) continue
    throw new AppError('DOC_LIMIT', `The pipeline has ${found} ${key}; it may have ${limits[key]}.`, {
      hint: 'Split it into several pipelines.',
      at: { path: key },
    })
  }
}

/** Nodes with configs of today's version and texts in one piece; whatever is not a node is left for the schema. */
function prepareNodes(nodes: unknown, registry: NodeRegistry): { nodes: unknown; problems: Problem[] } {
  if (!isRaw(nodes)) return { nodes, problems: [] }
  const problems: Problem[] = []
  const prepared = Object.entries(nodes).map(([id, node]): [string, unknown] => {
    const definition = isRaw(node) && typeof node.kind === 'string' ? registry.get(node.kind) : undefined
    if (!isRaw(node) || !definition || !isRaw(node.config)) return [id, node]
    const { node: migrated, problem } = migrateConfig(id, { ...node, config: node.config }, definition)
    if (problem) problems.push(problem)
    return [id, { ...migrated, config: joinLines(migrated.config, definition) }]
  })
  return { nodes: Object.fromEntries(prepared), problems }
}

/** What can be checked of nodes in a document that is wrong elsewhere, so that all its problems are told at once. */
function salvage(
  nodes: unknown,
): Record<string, { kind: string; config: Record<string, unknown>; disabled?: boolean }> {
  const entries = Object.entries(isRaw(nodes) ? nodes : {}).flatMap(([id, node]) => {
    if (!isRaw(node) || typeof node.kind !== 'string' || node.kind === '' || !isRaw(node.config ?? {})) return []
    const config = isRaw(node.config) ? node.config : {}
    return [[id, { kind: node.kind, config, disabled: node.disabled === true }] as const]
  })
  return Object.fromEntries(entries)
}

/** Every id counts as a node here, so that an edge to one that is wrong in itself is not told as well. */
function salvageGraph(nodes: unknown, edges: unknown): Salvaged {
  const kinds = Object.entries(isRaw(nodes) ? nodes : {}).map(([id, node]): [string, { kind: string }] => [
    id,
    { kind: isRaw(node) && typeof node.kind === 'string' ? node.kind : '' },
  ])
  const found = Array.isArray(edges) ? edges.map((edge) => edgeSchema.safeParse(edge).data) : []
  return { nodes: Object.fromEntries(kinds), edges: found }
}
