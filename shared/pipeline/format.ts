import type { NodeRegistry } from '../nodes/define.ts'
import { Lines, splitLines } from './lines.ts'
import { type Parameter, type Pipeline, type PipelineNode, type Retry, retryDefaults } from './schema.ts'
import { keysAt } from './words.ts'

/** Objects and lists that fit in this many columns stand on one line. */
const width = 100

/**
 * The document as text: fixed order of keys, nodes and edges in their own order, one line or one block for each, texts of
 * several lines as lists of lines, the layout last. What equals its default is left out. The same document always gives
 * the same bytes, and reading them gives the document back.
 */
export function formatPipeline(pipeline: Pipeline, registry: NodeRegistry): string {
  const { $schema, sluice, name, description, atomic, parameters, nodes, edges, groups, notes, layout } = pipeline
  const head = { $schema, sluice, name, description, atomic }
  const parts = [
    ...Object.entries(head).flatMap(([key, value]) => (value === undefined ? [] : [member(key, value, 1)])),
    ...(parameters.length === 0 ? [] : [list('parameters', parameters.map(orderedParameter))]),
    map(
      'nodes',
      Object.entries(nodes).map(([id, node]) => [id, orderedNode(node, registry)]),
    ),
    list(
      'edges',
      edges.map(({ from, to, fromPort, toPort, after }) => ({ from, to, fromPort, toPort, after })),
    ),
    ...decoration(
      'groups',
      Object.entries(groups).map(([id, { title, nodes: members, color }]) => [id, { title, nodes: members, color }]),
    ),
    ...decoration(
      'notes',
      Object.entries(notes).map(([id, { text, at, size, color }]) => [id, { text, at: at.map(unsigned), size, color }]),
    ),
    ...(Object.keys(layout).length === 0
      ? []
      : [
          map(
            'layout',
            Object.entries(layout).map(([id, at]) => [id, at.map(unsigned)]),
          ),
        ]),
  ]
  return `{\n  ${parts.join(',\n  ')}\n}\n`
}

/** A zero that dragging gave a sign. */
const unsigned = (coordinate: number) => coordinate + 0

/** A key of the document whose items always stand on lines of their own. */
function list(key: string, items: readonly unknown[]): string {
  return items.length === 0
    ? `"${key}": []`
    : `"${key}": [\n    ${items.map((item) => print(item, 2, 0)).join(',\n    ')}\n  ]`
}

function map(key: string, entries: readonly (readonly [string, unknown])[]): string {
  const lines = entries.map(([id, value]) => member(id, value, 2))
  return lines.length === 0 ? `"${key}": {}` : `"${key}": {\n    ${lines.join(',\n    ')}\n  }`
}

const decoration = (key: string, entries: readonly (readonly [string, unknown])[]) =>
  entries.length === 0 ? [] : [map(key, entries)]

function orderedParameter(parameter: Parameter) {
  const { name, type, description, default: value, optional, values, min, max } = parameter
  return { name, type, description, default: value, optional: optional || undefined, values, min, max }
}

function orderedNode(node: PipelineNode, registry: NodeRegistry) {
  const { kind, title, note, disabled, version, config, retry, timeoutMs } = node
  const definition = registry.get(kind)
  const order = definition ? keysAt(definition.config, []) : []
  const keys = [...order.filter((key) => Object.hasOwn(config, key)), ...Object.keys(config)]
  const sorted = Object.fromEntries(keys.map((key) => [key, config[key]]))
  const split = definition ? splitLines(sorted, definition) : sorted
  return {
    kind,
    title,
    note,
    disabled: disabled || undefined,
    version: version === 1 ? undefined : version,
    config: Object.keys(split).length === 0 ? undefined : split,
    retry: retry && orderedRetry(retry),
    timeoutMs,
  }
}

function orderedRetry({ count, delayMs, factor, maxDelayMs, jitter, on }: Retry) {
  return {
    count,
    delayMs: delayMs === retryDefaults.delayMs ? undefined : delayMs,
    factor: factor === retryDefaults.factor ? undefined : factor,
    maxDelayMs,
    jitter: jitter === retryDefaults.jitter ? undefined : jitter,
    on,
  }
}

/** Any JSON value in the style of the document, without a newline behind. */
export function formatValue(value: unknown): string {
  return print(value, 0, 0)
}

const isList = (value: unknown): value is unknown[] => Array.isArray(value)

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined)
}

function member(key: string, value: unknown, indent: number): string {
  const name = `${JSON.stringify(key)}: `
  return name + print(value, indent, name.length)
}

/** @param taken columns on the first line that the indent does not count: the key before the value. */
function print(value: unknown, indent: number, taken: number): string {
  // One column is kept for the comma behind.
  const room = width - indent * 2 - taken - 1
  const flat = inline(value, room)
  if (flat !== undefined) return flat
  if (typeof value !== 'object' || value === null) return scalar(value)
  const pad = '  '.repeat(indent)
  const lines = isList(value)
    ? value.map((item) => print(item, indent + 1, 0))
    : entriesOf(value).map(([key, item]) => member(key, item, indent + 1))
  const [open, close] = isList(value) ? '[]' : '{}'
  return `${open}\n${pad}  ${lines.join(`,\n${pad}  `)}\n${pad}${close}`
}

/** The value on one line; undefined when it takes more than `room` columns or holds a text given line by line. */
function inline(value: unknown, room: number): string | undefined {
  if (typeof value !== 'object' || value === null) {
    const text = scalar(value)
    return text.length <= room ? text : undefined
  }
  if (value instanceof Lines) return undefined
  const [open, close] = isList(value) ? ['[', ']'] : ['{ ', ' }']
  const items = isList(value) ? value.map((item) => ['', item] as const) : entriesOf(value)
  if (items.length === 0) return isList(value) ? '[]' : '{}'
  let line: string = open
  for (const [index, [key, item]] of items.entries()) {
    const name = isList(value) ? '' : `${JSON.stringify(key)}: `
    const text = inline(item, room - line.length - name.length)
    if (text === undefined) return undefined
    line += `${index === 0 ? '' : ', '}${name}${text}`
  }
  line += close
  return line.length <= room ? line : undefined
}

/** `JSON.stringify` drops the sign of zero. */
const scalar = (value: unknown): string => (Object.is(value, -0) ? '-0.0' : (JSON.stringify(value) ?? 'null'))
