import { type Column, uniqueNames } from '../../shared/data/types.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import type { InputRelation } from '../../shared/nodes/define.ts'
import { duckType, quoteName } from '../../shared/sql/duckdb.ts'
import type { BoundValue } from '../dialects/dialect.ts'
import { bindParameters } from './duck/parameters.ts'
import type { DuckSession } from './duck/session.ts'
import { placeInField } from './place.ts'
import { connectionOf, type PlannedNode } from './plan.ts'
import { type Scope, silent } from './scope.ts'

/** What is known of a node without running anything. */
export interface NodeAnalysis {
  /** Columns per output port; null when they cannot be known before a run. */
  columns: Record<string, Column[] | null>
  error?: AppError
}

/**
 * Columns of every node, in the nodes' order. Sources ask their database; transforms are bound by the embedded engine
 * against empty tables of their inputs' columns. Nothing upstream runs.
 */
export async function analyse(
  nodes: ReadonlyMap<string, PlannedNode>,
  scope: Scope,
  signal: AbortSignal,
): Promise<Map<string, NodeAnalysis>> {
  const session = await (await scope.duck()).connect(scope.surroundings.params, signal)
  const results = new Map<string, NodeAnalysis>()
  try {
    for (const node of nodes.values()) {
      try {
        const columns = await columnsOf(node, { scope, session, results, signal })
        results.set(node.id, { columns })
      } catch (error) {
        const placed = toAppError(error).placed({ node: node.id })
        if (placed.code === 'RUN_CANCELLED') throw placed
        const columns = Object.fromEntries(node.definition.outputs.map((port) => [port.name, null]))
        results.set(node.id, isYetToCome(placed, node, nodes) ? { columns } : { columns, error: placed })
      }
    }
  } finally {
    session.close()
  }
  return results
}

/** Whether a database file or a table that is missing may be there once the run has come so far: what runs before writes to the same database. */
function isYetToCome(error: AppError, node: PlannedNode, nodes: ReadonlyMap<string, PlannedNode>): boolean {
  const { code } = error
  const connection = connectionOf(node)
  if (connection === undefined || (code !== 'CONNECTION_FILE' && code !== 'QUERY_MISSING')) return false
  if (isOfColumn(error)) return false
  const writes = (one: PlannedNode) => one.executor?.role === 'sink' && connectionOf(one) === connection
  // A load or an execute node makes the file by itself.
  if (code === 'CONNECTION_FILE' && writes(node)) return true
  const seen = new Set<string>()
  const isWrittenBefore = ({ inputs, after }: PlannedNode): boolean =>
    [...inputs.map(({ from }) => from), ...after].some((id) => {
      const other = nodes.get(id)
      if (!other || seen.has(id)) return false
      seen.add(id)
      return writes(other) || isWrittenBefore(other)
    })
  return isWrittenBefore(node)
}

/** A column that is missing of a table that is there is a slip in most cases. The states are those of PostgreSQL and MySQL; SQLite has none. */
const isOfColumn = ({ sqlState, message }: AppError) =>
  sqlState === '42703' || sqlState === '42S22' || message.includes('no such column')

interface Analysis {
  scope: Scope
  session: DuckSession
  results: ReadonlyMap<string, NodeAnalysis>
  signal: AbortSignal
}

async function columnsOf(node: PlannedNode, analysis: Analysis): Promise<Record<string, Column[] | null>> {
  const { scope, session, results, signal } = analysis
  const context = { ...scope.contextOf(node, signal, silent), duck: runnerOf(session) }
  const inputs = node.inputs.map((edge) => results.get(edge.from)?.columns[edge.fromPort] ?? null)
  const [first = null] = inputs
  switch (node.executor?.role) {
    case 'source': {
      const columns = await (await node.executor.load()).columns(context)
      return { out: columns && uniqueNames(columns) }
    }
    case 'rows':
      return { out: first && (await (await node.executor.load()).columns(context, first)) }
    case 'gate': {
      await (await node.executor.load()).check?.(context, first ?? undefined)
      return { out: first }
    }
    case 'sink': {
      await (await node.executor.load()).check?.(context, first ?? undefined)
      const reason: Column = { name: 'reject_reason', type: { kind: 'text' } }
      return Object.fromEntries(
        node.definition.outputs.map((port) => [port.name, first && uniqueNames([...first, reason])]),
      )
    }
    default:
      return bindTransform(node, analysis)
  }
}

async function bindTransform(
  node: PlannedNode,
  { session, results, scope }: Analysis,
): Promise<Record<string, Column[] | null>> {
  const inputs: InputRelation[] = []
  for (const [index, edge] of node.inputs.entries()) {
    const columns = results.get(edge.from)?.columns[edge.fromPort]
    if (!columns) return Object.fromEntries(node.definition.outputs.map((port) => [port.name, null]))
    const relation = `temp.main.${quoteName(`${node.id}<${index}`)}`
    const fields = columns.map((column) => `${quoteName(column.name)} ${duckType(column.type)}`).join(', ')
    await session.run(`CREATE OR REPLACE TEMP TABLE ${quoteName(`${node.id}<${index}`)} (${fields})`)
    inputs.push({ port: edge.port, relation, columns })
  }
  const columns: Record<string, Column[]> = {}
  const { params } = scope.surroundings
  let select = ''
  try {
    for (const [port, text] of Object.entries(transformSql(node, inputs, params))) {
      select = text
      columns[port] = uniqueNames((await session.describe(select)).columns)
    }
  } catch (error) {
    const { definition, config } = node
    const names = inputs.flatMap((input) => input.columns.map(({ name }) => name))
    const tables = inputs.map(({ port }) => (port === 'in' ? 'input' : port))
    throw placeInField(toAppError(error), { select, definition, config, params, columns: names, tables })
  }
  return columns
}

/** The SELECT per port of a transform, parameters bound. */
export function transformSql(
  node: PlannedNode,
  inputs: readonly InputRelation[],
  params: Readonly<Record<string, BoundValue>>,
): Record<string, string> {
  const { sql } = node.definition
  if (!sql) throw new AppError('INTERNAL', `The kind ${node.definition.kind} has neither SQL nor an executor.`)
  return Object.fromEntries(
    Object.entries(sql(node.config, inputs)).map(([port, select]) => [port, bindParameters(select, params)]),
  )
}

/** What a node may ask of a session; see DuckRunner. */
export function runnerOf(session: DuckSession) {
  return {
    run: async (sql: string) => ({ rowsChanged: await session.run(sql) }),
    columns: async (select: string) => (await session.describe(select)).columns,
    text: (select: string) => session.text(select),
  }
}
