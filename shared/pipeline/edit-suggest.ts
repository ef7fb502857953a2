import type { NodeRegistry } from '../nodes/define.ts'
import type { Pipeline } from './schema.ts'

/** What a suggestion needs to know of a connection. */
export interface Offered {
  name: string
  readOnly: boolean
}

/**
 * The document with settings of a new node filled in where there is only one sensible choice: the connection that the pipeline uses
 * already, or the only one there is; and for a load the table named after what it loads. What is set stays.
 */
export function suggestConfig(
  pipeline: Pipeline,
  registry: NodeRegistry,
  id: string,
  connections: readonly Offered[],
): Pipeline {
  const node = pipeline.nodes[id]
  const definition = node && registry.get(node.kind)
  if (!node || !definition) return pipeline
  const writes = definition.effect === true
  const found: Record<string, string> = {}
  for (const { name, editor } of definition.form) {
    if (node.config[name] !== undefined && node.config[name] !== '') continue
    const value = editor === 'connection' ? connectionFor(pipeline, registry, connections, writes) : undefined
    const table = editor === 'table' && writes ? tableFor(pipeline, id) : undefined
    if (value ?? table) found[name] = value ?? table ?? ''
  }
  if (Object.keys(found).length === 0) return pipeline
  return { ...pipeline, nodes: { ...pipeline.nodes, [id]: { ...node, config: { ...node.config, ...found } } } }
}

function connectionFor(
  pipeline: Pipeline,
  registry: NodeRegistry,
  connections: readonly Offered[],
  writes: boolean,
): string | undefined {
  const fitting = connections.filter(({ readOnly }) => !(writes && readOnly)).map(({ name }) => name)
  const used = new Set(
    Object.values(pipeline.nodes).flatMap(({ kind, config }) => {
      const fields = registry.get(kind)?.form.filter(({ editor }) => editor === 'connection') ?? []
      return fields.map(({ name }) => config[name])
    }),
  )
  const familiar = fitting.filter((name) => used.has(name))
  return only(familiar) ?? only(fitting)
}

const only = (names: readonly string[]): string | undefined => (names.length === 1 ? names[0] : undefined)

/** The name of what the rows come from: the file or table at the far end of the only way there, or the node before. */
function tableFor(pipeline: Pipeline, id: string): string | undefined {
  const before = only(sourcesOf(pipeline, id))
  if (before === undefined) return undefined
  let origin = before
  for (const seen = new Set<string>(); !seen.has(origin); ) {
    seen.add(origin)
    origin = only(sourcesOf(pipeline, origin)) ?? origin
  }
  const single = sourcesOf(pipeline, origin).length === 0
  const { kind, title, config } = pipeline.nodes[single ? origin : before] ?? {}
  const name = (kind === 'file' && fileTitle(config?.path)) || title || (single ? origin : before)
  return tableName(name)
}

const sourcesOf = ({ edges }: Pipeline, id: string): string[] =>
  edges.filter(({ to, after }) => to === id && !after).map(({ from }) => from)

function fileTitle(path: unknown): string | undefined {
  const name = typeof path === 'string' ? path.split(/[\\/]/).at(-1) : undefined
  return name?.includes('*') ? undefined : name?.replace(/\.[^.]+(\.(gz|zst))?$/i, '')
}

/** `Sales 2024 (EU)` → `sales_2024_eu`. */
function tableName(text: string): string | undefined {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .replaceAll(/^_+|_+$/g, '')
    .slice(0, 60)
  if (words === '') return undefined
  return /^\p{N}/u.test(words) ? `t_${words}` : words
}
