import type { Column } from '../../../shared/data/types.ts'
import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import type { BoundValue } from '../../dialects/dialect.ts'
import { type NodeAnalysis, transformSql } from '../analyse.ts'
import type { DuckSession } from '../duck/session.ts'
import type { PlannedNode } from '../plan.ts'
import { columnKey, constant, nothing, type RowFlow } from './columns.ts'
import { UnknownPlan } from './json.ts'
import { planFlow } from './plan.ts'

/** How a node's rows flow from its inputs, by output port. A relation is the place of the input among the node's. */
export interface NodeFlow {
  ports: Record<string, PortFlow>
}

export interface PortFlow extends RowFlow {
  /** Names of `columns`. */
  names: readonly string[]
}

type Inputs = readonly (readonly Column[])[]

/** @param session has the pipeline's parameters; tables are made in it */
export async function nodeFlow(
  node: PlannedNode,
  analysis: ReadonlyMap<string, NodeAnalysis>,
  params: Readonly<Record<string, BoundValue>>,
  session: DuckSession,
): Promise<NodeFlow> {
  const inputs = node.inputs.map((edge) => analysis.get(edge.from)?.columns[edge.fromPort] ?? [])
  const outputs = analysis.get(node.id)?.columns ?? {}
  const ports = Object.entries(outputs).map(([port, columns]): [string, PortFlow] => {
    const names = (columns ?? []).map(({ name }) => name)
    return [port, { ...outputFlow(node, inputs, names), names }]
  })
  if (node.executor) return { ports: Object.fromEntries(ports) }
  return { ports: { ...Object.fromEntries(ports), ...(await transformFlow(node, inputs, outputs, params, session)) } }
}

/** Of nodes whose rows do not pass through SQL: those that pass rows on keep their columns, others may make anything of anything. */
function outputFlow(node: PlannedNode, inputs: Inputs, names: readonly string[]): RowFlow {
  const passes = node.executor?.role === 'gate' || node.executor?.role === 'sink'
  return passes ? samePlaces(inputs, names) : everything(inputs, names)
}

function everything(inputs: Inputs, names: readonly string[]): RowFlow {
  const from = new Set(inputs.flatMap((columns, index) => columns.map(({ name }) => columnKey(String(index), name))))
  return { columns: names.map(() => ({ from, shapes: nothing })), shapes: nothing, relations: relationsOf(inputs) }
}

function samePlaces(inputs: Inputs, names: readonly string[]): RowFlow {
  const [first = []] = inputs
  const columns = names.map((name) =>
    first.some((column) => column.name === name)
      ? { from: new Set([columnKey('0', name)]), shapes: nothing }
      : constant,
  )
  return { columns, shapes: nothing, relations: relationsOf(inputs) }
}

const relationsOf = (inputs: Inputs) => new Set(inputs.map((_, index) => String(index)))

async function transformFlow(
  node: PlannedNode,
  inputs: Inputs,
  outputs: Record<string, Column[] | null>,
  params: Readonly<Record<string, BoundValue>>,
  session: DuckSession,
): Promise<Record<string, PortFlow>> {
  if (inputs.some((columns) => columns.length === 0) || Object.values(outputs).every((columns) => columns === null)) {
    return {}
  }
  for (const [index, columns] of inputs.entries()) {
    const fields = columns.map((column) => `${quoteName(column.name)} ${duckType(column.type)}`).join(', ')
    await session.run(`CREATE OR REPLACE TEMP TABLE "${index}" (${fields})`)
  }
  const relations = node.inputs.map((edge, index) => ({
    port: edge.port,
    relation: `temp.main."${index}"`,
    columns: inputs[index] ?? [],
  }))
  const flows: Record<string, PortFlow> = {}
  for (const [port, select] of Object.entries(transformSql(node, relations, params))) {
    const names = (outputs[port] ?? []).map(({ name }) => name)
    flows[port] = { ...((await boundFlow(select, names, session)) ?? everything(inputs, names)), names }
  }
  return flows
}

/** Undefined for a query that is not understood. */
async function boundFlow(select: string, names: readonly string[], session: DuckSession): Promise<RowFlow | undefined> {
  const [[text] = []] = await session.text(`SELECT json_serialize_plan(${quoteText(select)})`)
  const parsed: unknown = JSON.parse(text ?? '{}')
  if (typeof parsed !== 'object' || parsed === null || !('plans' in parsed) || !Array.isArray(parsed.plans))
    return undefined
  try {
    const flow = planFlow(parsed.plans[0])
    return flow.columns.length === names.length ? flow : undefined
  } catch (thrown) {
    if (thrown instanceof UnknownPlan) return undefined
    throw thrown
  }
}
