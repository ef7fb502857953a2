import { registry } from '../../shared/nodes/registry.ts'
import { type Change, diffPipelines } from '../../shared/pipeline/diff.ts'
import type { Edge, Pipeline } from '../../shared/pipeline/schema.ts'

/** One difference, in words. */
export interface DiffLine {
  sign: 'added' | 'removed' | 'changed'
  text: string
  /** What changed inside. */
  details: { path: string; before?: string; after?: string }[]
}

/** What turns one pipeline into another; places on the canvas come last, as one line. */
export function diffLines(before: Pipeline, after: Pipeline): DiffLine[] {
  const { document, parameters, nodes, edges, moved } = diffPipelines(before, after, registry)
  const added = (text: string): DiffLine => ({ sign: 'added', text, details: [] })
  const removed = (text: string): DiffLine => ({ sign: 'removed', text, details: [] })
  const changed = (text: string, changes: readonly Change[] = []): DiffLine => ({
    sign: 'changed',
    text,
    details: changes.map(detail),
  })
  return [
    ...(document.length > 0 ? [changed('the pipeline itself', document)] : []),
    ...parameters.removed.map((name) => removed(`parameter ${name}`)),
    ...parameters.added.map((name) => added(`parameter ${name}`)),
    ...parameters.changed.map(({ name, changes }) => changed(`parameter ${name}`, changes)),
    ...nodes.removed.map((id) => removed(`node ${id}`)),
    ...nodes.added.map((id) => added(`node ${id}`)),
    ...nodes.renamed.map(({ from, to }) => changed(`node ${from} is now ${to}`)),
    ...nodes.changed.map(({ id, changes }) => changed(`node ${id}`, changes)),
    ...edges.removed.map((edge) => removed(`edge ${edgeText(edge)}`)),
    ...edges.added.map((edge) => added(`edge ${edgeText(edge)}`)),
    ...edges.reordered.map((id) => changed(`order of the edges into ${id}`)),
    ...(moved.length > 0 ? [changed(`places on the canvas: ${moved.join(', ')}`)] : []),
  ]
}

function detail({ path, before, after }: Change): DiffLine['details'][number] {
  return {
    path,
    ...(before !== undefined && { before: valueText(before) }),
    ...(after !== undefined && { after: valueText(after) }),
  }
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

function edgeText({ from, to, fromPort, toPort, after }: Edge): string {
  const port = (name: string | undefined) => (name === undefined ? '' : `.${name}`)
  return `${from}${port(fromPort)} → ${to}${port(toPort)}${after ? ' (order only)' : ''}`
}
