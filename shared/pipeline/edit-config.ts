import type { Path } from './place.ts'
import type { Pipeline, PipelineNode } from './schema.ts'

/** The value at a path; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((current, part) => {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) return undefined
    return Reflect.get(current, part)
  }, value)
}

/**
 * The value with another one at a path; `undefined` takes the key, or the item of a list, away. Objects that are missing on
 * the way are made. What did not change is shared.
 */
export function withValue(value: unknown, path: Path, next: unknown): unknown {
  const [part, ...rest] = path
  if (part === undefined) return next
  if (Array.isArray(value) && typeof part === 'number') {
    const changed = withValue(value[part], rest, next)
    if (changed === value[part]) return value
    return changed === undefined ? value.toSpliced(part, 1) : value.with(part, changed)
  }
  const before: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {}
  const changed = withValue(before[part], rest, next)
  if (changed === before[part] && Object.hasOwn(before, part) === (changed !== undefined)) return value ?? before
  if (changed === undefined) delete before[part]
  else before[part] = changed
  return before
}

/** The document with another value in a node's config; unchanged when the node is gone. */
export function setConfig(pipeline: Pipeline, id: string, path: Path, value: unknown): Pipeline {
  const node = pipeline.nodes[id]
  if (!node) return pipeline
  const config = withValue(node.config, path, value)
  if (config === node.config || typeof config !== 'object' || config === null) return pipeline
  return { ...pipeline, nodes: { ...pipeline.nodes, [id]: { ...node, config: { ...config } } } }
}

/** The document with some of a node's own settings changed; one that is undefined is taken away. */
export function setNode(
  pipeline: Pipeline,
  id: string,
  change: { [K in 'note' | 'disabled' | 'retry' | 'timeoutMs']?: PipelineNode[K] | undefined },
): Pipeline {
  const node = pipeline.nodes[id]
  if (!node) return pipeline
  const { kind, title, note, disabled, version, config, retry, timeoutMs } = { ...node, ...change }
  const changed: PipelineNode = {
    kind,
    ...(title !== undefined && { title }),
    ...(note !== undefined && note !== '' && { note }),
    ...(disabled && { disabled }),
    ...(version !== undefined && { version }),
    config,
    ...(retry !== undefined && { retry }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  }
  return { ...pipeline, nodes: { ...pipeline.nodes, [id]: changed } }
}
