import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import type { Pipeline, PipelineNode } from '../../shared/pipeline/schema.ts'
import { readTable, sniffTable } from './table-text.ts'

/** What a text on the clipboard is to a canvas. */
export type Pasted =
  | { type: 'nodes'; fragment: Pipeline }
  | { type: 'node'; node: PipelineNode }
  | { type: 'note'; text: string }

/**
 * Reads a text that was pasted: nodes copied here or a whole pipeline, a table from a spreadsheet, SQL; anything else is a note.
 * @param connection the one that SQL is for
 * @param table whether the text was copied out of a table
 * @throws DocumentError, AppError DOC_* when it says it is a pipeline and is none
 */
export function readPasted(text: string, connection: string | undefined, table = false): Pasted | undefined {
  if (text.trim() === '') return undefined
  if (/^\s*\{[\s\S]*"sluice"\s*:/.test(text)) {
    return { type: 'nodes', fragment: openPipeline(text, registry).pipeline }
  }
  const kind = statementKind(text)
  if (kind) {
    return {
      type: 'node',
      node: { kind, config: { ...(connection !== undefined && { connection }), sql: text.trim() } },
    }
  }
  const cells = readTable(text, table)
  return cells
    ? { type: 'node', node: { kind: 'rows', config: { ...sniffTable(cells) } } }
    : { type: 'note', text: text.trim() }
}

const comments = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/
const queries = /^(?:select\b|values\s*\(|with\s+(?:recursive\s+)?\S+\s*(?:\([^)]*\)\s*)?as\b)/i
const statements =
  /^(?:insert\s+into\b|update\s+\S+\s[\s\S]*\bset\b|delete\s+from\b|(?:create|alter|drop|truncate)\s+(?:\w+\s+)*?(?:table|view|index|schema|sequence|type)\b)/i

/** The kind of node that runs a text, where it is SQL. */
function statementKind(text: string): 'query' | 'execute' | undefined {
  const sql = text.replace(comments, '')
  if (queries.test(sql)) return 'query'
  return statements.test(sql) ? 'execute' : undefined
}

/** The connection that nodes of a pipeline mostly use. */
export function usualConnection({ nodes }: Pipeline): string | undefined {
  const counts = new Map<string, number>()
  for (const { config } of Object.values(nodes)) {
    if (typeof config.connection === 'string') counts.set(config.connection, (counts.get(config.connection) ?? 0) + 1)
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0]
}
