import { AppError } from '../errors.ts'
import type { NodeDefinition } from '../nodes/define.ts'
import type { Problem } from './problems.ts'
import { documentVersion } from './schema.ts'

type Raw = Record<string, unknown>

export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Entry n takes a document of version n to version n + 1. Migrations see plain JSON of any shape and must not throw on it. */
const migrations: readonly ((document: Raw) => Raw)[] = [zeroToOne]

/**
 * Brings a document of an older version to today's shape. What it cannot make sense of it leaves for the schema to
 * complain about.
 * @throws AppError DOC_SCHEMA when the value is no pipeline at all; DOC_VERSION when it is of a newer version.
 */
export function migrateDocument(value: unknown): { document: Raw; from: number } {
  if (!isRaw(value)) {
    throw new AppError('DOC_SCHEMA', 'The file holds JSON, but no pipeline.', {
      hint: 'A pipeline is an object: { "sluice": 1, "name": "…", "nodes": { … } }.',
    })
  }
  const from = value.sluice
  if (from === undefined) {
    throw new AppError('DOC_SCHEMA', 'The file does not say that it is a pipeline: "sluice" is missing.', {
      hint: `Begin it with "sluice": ${documentVersion}.`,
      at: { path: 'sluice' },
    })
  }
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 0) {
    throw new AppError('DOC_SCHEMA', '"sluice" must be the version of the format, a whole number.', {
      hint: `Write "sluice": ${documentVersion}.`,
      at: { path: 'sluice' },
    })
  }
  if (from > documentVersion) {
    throw new AppError(
      'DOC_VERSION',
      `The pipeline is written in version ${from} of the format; this program reads up to version ${documentVersion}.`,
      { hint: 'Update Sluice to open it. The file was left as it is.', at: { path: 'sluice' } },
    )
  }
  const document = migrations.slice(from).reduce((current, migrate) => migrate(current), value)
  return { document: from === documentVersion ? value : document, from }
}

/**
 * Version 0 kept nodes in a list with `id`, `x` and `y` inside, edges as `["from", "to"]` pairs (`"node.port"` where a
 * port was meant), and parameters in `params`, a map from name to default value.
 */
function zeroToOne(old: Raw): Raw {
  const { sluice: _version, nodes, edges, params, ...rest } = old
  const list = Array.isArray(nodes) ? nodes.filter(isRaw) : []
  const ids = list.map((node) => String(node.id))
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) {
    throw new AppError('DOC_SCHEMA', `Two nodes have the id "${twice}".`, {
      hint: 'Rename one of them in the file.',
      at: { path: `nodes[${ids.lastIndexOf(twice)}].id`, node: twice },
    })
  }
  // As a key it would vanish instead of being refused.
  if (ids.includes('__proto__')) {
    throw new AppError('DOC_SCHEMA', 'A node cannot have the id "__proto__".', { hint: 'Rename it in the file.' })
  }
  return {
    ...rest,
    sluice: 1,
    ...(isRaw(params) ? { parameters: Object.entries(params).map(oldParameter) } : {}),
    nodes: Object.fromEntries(list.map((node) => [String(node.id), oldNode(node)])),
    edges: Array.isArray(edges) ? edges.map(oldEdge) : [],
    layout: Object.fromEntries(list.map((node) => [String(node.id), [node.x ?? 0, node.y ?? 0]])),
  }
}

function oldNode({ id: _id, x: _x, y: _y, kind, ...rest }: Raw): Raw {
  return { kind, ...rest }
}

function oldParameter([name, value]: [string, unknown]): Raw {
  return { name, type: oldType(value), ...(value === null ? { optional: true } : { default: value }) }
}

function oldType(value: unknown): string {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'float'
  return typeof value === 'object' && value !== null ? 'json' : 'text'
}

function oldEdge(edge: unknown): unknown {
  if (!Array.isArray(edge)) return edge
  const [from, to] = edge.map(String)
  const [fromNode, fromPort] = (from ?? '').split('.')
  const [toNode, toPort] = (to ?? '').split('.')
  return { from: fromNode, to: toNode, ...(fromPort && { fromPort }), ...(toPort && { toPort }) }
}

interface RawNode extends Raw {
  config: Raw
}

/** The version of configs that a kind has today. */
export const kindVersion = (definition: NodeDefinition) => 1 + (definition.migrations?.length ?? 0)

/** Brings a node's config to today's version of its kind; a problem when it is of a newer one. */
export function migrateConfig(
  id: string,
  node: RawNode,
  definition: NodeDefinition,
): { node: RawNode; problem?: Problem } {
  const { version, ...rest } = node
  const today = kindVersion(definition)
  const from = version ?? 1
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 1) return { node }
  if (from > today) {
    const problem: Problem = {
      code: 'DOC_VERSION',
      path: ['nodes', id, 'version'],
      message: `"${id}" is written for version ${from} of ${definition.kind}; this program knows up to version ${today}.`,
      hint: 'Update Sluice to open it.',
    }
    return { node, problem }
  }
  const migrations = definition.migrations?.slice(from - 1) ?? []
  const config = migrations.reduce((current, migrate) => migrate(current), node.config)
  return { node: { ...rest, ...(today > 1 ? { version: today } : {}), config } }
}
