import { didYouMean } from '../nearest.ts'
import type { NodeDefinition, NodeRegistry } from '../nodes/define.ts'
import { lexis, tokenizeSql } from '../sql/placeholders.ts'
import { limits } from './limits.ts'
import { checkDefaults } from './parameters.ts'
import type { Path } from './place.ts'
import type { Problem } from './problems.ts'
import type { Pipeline, PipelineNode } from './schema.ts'
import { checkGraph } from './wiring.ts'
import { issuesToProblems } from './words.ts'

export interface Checked {
  /** Configs as their kind's schema gives them, defaults filled in, by node id; only those without problems. */
  configs: Map<string, unknown>
  problems: Problem[]
}

/**
 * Everything that keeps a document from running and can be known from it alone: kinds, configs, parameters, edges.
 * Configs of disabled nodes, and their kinds, are not looked at.
 */
export function checkPipeline(pipeline: Pipeline, registry: NodeRegistry): Checked {
  const { configs, problems } = checkNodes(pipeline.nodes, registry)
  return {
    configs,
    problems: [
      ...problems,
      ...checkParameterNames(pipeline),
      ...checkDefaults(pipeline.parameters),
      ...checkPlaceholders(pipeline, registry),
      ...checkGraph(pipeline, registry),
    ],
  }
}

/** Kinds and configs of nodes; see `checkPipeline`. */
export function checkNodes(
  nodes: Readonly<Record<string, Pick<PipelineNode, 'kind' | 'config' | 'disabled'>>>,
  registry: NodeRegistry,
): Checked {
  const configs = new Map<string, unknown>()
  const problems: Problem[] = []
  for (const [id, node] of Object.entries(nodes)) {
    if (node.disabled) continue
    if (problems.length >= limits.problems) break
    const definition = registry.get(node.kind)
    if (!definition) {
      problems.push(unknownKind(id, node.kind, registry))
      continue
    }
    const parsed = definition.config.safeParse(node.config)
    if (parsed.success) configs.set(id, parsed.data)
    else
      problems.push(...issuesToProblems(parsed.error.issues, definition.config, node.config, ['nodes', id, 'config']))
  }
  return { configs, problems }
}

function unknownKind(id: string, kind: string, registry: NodeRegistry): Problem {
  const kinds = registry.kinds()
  return {
    code: 'DOC_SCHEMA',
    path: ['nodes', id, 'kind'],
    message: `nodes.${id}.kind: there is no kind of node called "${kind}".`,
    hint: didYouMean(kind, kinds, `Kinds are ${kinds.join(', ')}.`),
  }
}

/** Names that differ only in case count as equal, because the embedded engine treats them so. */
function checkParameterNames({ parameters }: Pipeline): Problem[] {
  const seen = new Set<string>()
  return parameters.flatMap(({ name }, index): Problem[] => {
    const lower = name.toLowerCase()
    if (!seen.has(lower)) {
      seen.add(lower)
      return []
    }
    const message = `Two parameters are called "${name}".`
    return [{ code: 'CONFIG_PARAMETER', path: ['parameters', index, 'name'], message, hint: 'Rename one of them.' }]
  })
}

/** Placeholders that name no parameter. Not asked of nodes that take rows, where `:name` may mean a column. */
function checkPlaceholders(pipeline: Pipeline, registry: NodeRegistry): Problem[] {
  const known = new Set(pipeline.parameters.map(({ name }) => name))
  const fed = new Set(pipeline.edges.filter((edge) => !edge.after).map((edge) => edge.to))
  return Object.entries(pipeline.nodes).flatMap(([id, node]): Problem[] => {
    const definition = registry.get(node.kind)
    if (!definition || node.disabled || (definition.effect && fed.has(id))) return []
    return textsOf(node.config, definition).flatMap(({ path, text }) =>
      unknownPlaceholders(text, known).map(({ name, start }) => ({
        code: 'CONFIG_PARAMETER' as const,
        path: ['nodes', id, 'config', ...path],
        message: `"${id}" uses :${name}, but the pipeline has no parameter "${name}".`,
        hint: didYouMean(name, [...known], `Add { "name": "${name}", "type": "text" } to "parameters".`),
        position: start,
      })),
    )
  })
}

function textsOf(config: Record<string, unknown>, definition: NodeDefinition): { path: Path; text: string }[] {
  const fields = definition.parameterFields ?? []
  return fields.flatMap((name) => (Object.hasOwn(config, name) ? texts(config[name], [name]) : []))
}

function texts(value: unknown, path: Path): { path: Path; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) =>
    texts(item, [...path, Array.isArray(value) ? Number(key) : key]),
  )
}

/**
 * Each unknown name once, at its first place. The connection's dialect is not known here, so only what is a placeholder
 * by the rules of every dialect is held against the writer.
 */
function unknownPlaceholders(sql: string, known: ReadonlySet<string>): { name: string; start: number }[] {
  if (!sql.includes(':')) return []
  const [first = [], ...others] = Object.values(lexis).map((rules) =>
    tokenizeSql(sql, rules).flatMap((token) =>
      token.type === 'placeholder' && !known.has(token.name) ? [{ name: token.name, start: token.start }] : [],
    ),
  )
  const everywhere = first.filter(({ start }) => others.every((found) => found.some((token) => token.start === start)))
  return everywhere.filter(({ name }, index) => everywhere.findIndex((other) => other.name === name) === index)
}
