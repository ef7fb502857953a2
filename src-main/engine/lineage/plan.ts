import {
  type ColumnFlow,
  columnKey,
  constant,
  merged,
  nothing,
  type RowFlow,
  reach,
  type Sources,
  union,
} from './columns.ts'
import { flowOf, lookedAt } from './expressions.ts'
import { joinFlow, projected } from './joins.ts'
import { isPart, numbersOf, type Part, partsOf, textOf, UnknownPlan } from './json.ts'

/** What names in a plan stand for. */
interface Names {
  /** Rows of common table expressions, by their number. */
  ctes: ReadonlyMap<number, RowFlow>
  /** What the subquery is joined to, for the columns it takes from outside. */
  outer: readonly ColumnFlow[]
}

/**
 * Where the columns of a query come from, by its bound plan, in which every name, star and alias is resolved already.
 * @param plan one of `json_serialize_plan(…)`.plans
 * @throws UnknownPlan when it holds an operator that is not known here
 */
export function planFlow(plan: unknown): RowFlow {
  if (!isPart(plan)) throw new UnknownPlan('no plan')
  return rowFlow(plan, { ctes: new Map(), outer: [] })
}

function rowFlow(part: Part, names: Names): RowFlow {
  const { table: _inner, ...flow } = untitledFlow(part, names)
  return part.table_index === undefined ? flow : { ...flow, table: Number(part.table_index) }
}

function untitledFlow(part: Part, names: Names): RowFlow {
  switch (textOf(part, 'type')) {
    case 'LOGICAL_MATERIALIZED_CTE':
      return withCte(part, names)
    case 'LOGICAL_RECURSIVE_CTE':
      return recursive(part, names)
    case 'LOGICAL_CTE_REF':
      return names.ctes.get(Number(part.cte_index)) ?? unknown(part)
    case 'LOGICAL_DELIM_JOIN':
    case 'LOGICAL_DEPENDENT_JOIN':
      return correlated(part, names)
    case 'LOGICAL_DELIM_GET':
      return { columns: names.outer, shapes: nothing, relations: nothing }
    default:
      return operatorFlow(
        part,
        partsOf(part, 'children').map((child) => rowFlow(child, names)),
      )
  }
}

function withCte(part: Part, names: Names): RowFlow {
  const [definition, query] = partsOf(part, 'children')
  if (!definition || !query) return unknown(part)
  const ctes = new Map(names.ctes).set(Number(part.table_index), rowFlow(definition, names))
  return rowFlow(query, { ...names, ctes })
}

/** Goes round until nothing new comes: there are only so many columns. */
function recursive(part: Part, names: Names): RowFlow {
  const [first, step] = partsOf(part, 'children')
  if (!first || !step) return unknown(part)
  let flow = rowFlow(first, names)
  for (;;) {
    const ctes = new Map(names.ctes).set(Number(part.table_index), flow)
    const next = stacked([flow, rowFlow(step, { ...names, ctes })])
    if (size(next) === size(flow)) return next
    flow = next
  }
}

const size = ({ columns, shapes, relations }: RowFlow) =>
  columns.reduce((sum, column) => sum + column.from.size + column.shapes.size, shapes.size + relations.size)

function correlated(part: Part, names: Names): RowFlow {
  const [first, second] = partsOf(part, 'children')
  if (!first || !second) return unknown(part)
  const flipped = part.delim_flipped === true
  const outside = rowFlow(flipped ? second : first, names)
  const outer = partsOf(part, 'duplicate_eliminated_columns').map((column) => flowOf(column, outside))
  const inside = rowFlow(flipped ? first : second, { ...names, outer })
  return flipped ? joinFlow(part, inside, outside) : joinFlow(part, outside, inside)
}

function operatorFlow(part: Part, children: readonly RowFlow[]): RowFlow {
  const [child = empty, other] = children
  const over = (expressions: unknown) => lookedAt(expressions, child)
  const shaped = (more: Sources): RowFlow => ({ ...child, shapes: union(child.shapes, more) })
  const made = partsOf(part, 'expressions').map((expression) => flowOf(expression, child))
  switch (textOf(part, 'type')) {
    case 'LOGICAL_GET':
      return scan(part, children)
    case 'LOGICAL_DUMMY_SCAN':
    case 'LOGICAL_EMPTY_RESULT':
      return { ...empty, columns: [constant] }
    case 'LOGICAL_CHUNK_GET':
    case 'LOGICAL_COLUMN_DATA_GET':
      return { ...empty, columns: typesOf(part).map(() => constant) }
    case 'LOGICAL_EXPRESSION_GET':
      return listed(part, child)
    case 'LOGICAL_PROJECTION':
      return { ...child, columns: made }
    case 'LOGICAL_FILTER': {
      const { columns, shapes, relations } = shaped(over(part.expressions))
      return { columns: projected(columns, numbersOf(part, 'projection_map')), shapes, relations }
    }
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY': {
      const groups = partsOf(part, 'groups').map((group) => flowOf(group, child))
      const groupings = Array.isArray(part.grouping_functions) ? part.grouping_functions.map(() => merged(groups)) : []
      return { ...shaped(union(...groups.map(reach))), columns: [...groups, ...made, ...groupings] }
    }
    case 'LOGICAL_WINDOW':
      return { ...child, columns: [...child.columns, ...made] }
    case 'LOGICAL_UNNEST':
      return { ...shaped(over(part.expressions)), columns: [...child.columns, ...made] }
    case 'LOGICAL_DISTINCT':
      return shaped(union(over(part.distinct_targets), over(part.order_by)))
    case 'LOGICAL_ORDER_BY': {
      const { columns, shapes, relations } = shaped(over(part.orders))
      return { columns: projected(columns, numbersOf(part, 'projections')), shapes, relations }
    }
    case 'LOGICAL_TOP_N':
      return shaped(over(part.orders))
    case 'LOGICAL_LIMIT':
      return shaped(union(over(part.limit_val), over(part.offset_val)))
    case 'LOGICAL_SAMPLE':
      return child
    case 'LOGICAL_COMPARISON_JOIN':
    case 'LOGICAL_ASOF_JOIN':
    case 'LOGICAL_ANY_JOIN':
      return joinFlow(part, child, other ?? unknown(part))
    case 'LOGICAL_CROSS_PRODUCT':
    case 'LOGICAL_POSITIONAL_JOIN':
      return joinFlow({ join_type: 'INNER' }, child, other ?? unknown(part))
    case 'LOGICAL_UNION':
      return stacked(children)
    case 'LOGICAL_EXCEPT':
      return { ...shaped(allOf(children)), relations: union(...children.map(({ relations }) => relations)) }
    case 'LOGICAL_INTERSECT': {
      const both = stacked(children)
      return { ...both, shapes: union(both.shapes, allOf(children)) }
    }
    default:
      return unknown(part)
  }
}

const empty: RowFlow = { columns: [], shapes: nothing, relations: nothing }

/** A table, or a function that makes rows of what it is given. */
function scan(part: Part, children: readonly RowFlow[]): RowFlow {
  const names = Array.isArray(part.names) ? part.names.map(String) : []
  const read = partsOf(part, 'column_indexes').map(({ index }) => names[Number(index)])
  const [child] = children
  if (child) {
    const passed = numbersOf(part, 'projected_input')
    const given = merged(child.columns.filter((_, index) => !passed.includes(index)))
    const taken = passed.length > 0 ? projected(child.columns, passed) : []
    const own = (read.length === 0 ? names : read).map(() => given)
    return { ...child, shapes: union(child.shapes, reach(given)), columns: [...own, ...taken] }
  }
  const data = isPart(part.function_data) ? part.function_data : {}
  const relation = textOf(part, 'name') === 'seq_scan' ? textOf(data, 'table') : undefined
  const columns = read.map((name) => {
    if (relation === undefined || name === undefined) return constant
    return { from: new Set([columnKey(relation, name)]), shapes: nothing }
  })
  return {
    // A scan that only counts rows still gives one column.
    columns: projected(columns.length === 0 ? [constant] : columns, numbersOf(part, 'projection_ids')),
    shapes: nothing,
    relations: relation === undefined ? nothing : new Set([relation]),
  }
}

/** VALUES: rows of expressions. */
function listed(part: Part, child: RowFlow): RowFlow {
  const rows = (Array.isArray(part.expressions) ? part.expressions : []).filter((row) => Array.isArray(row))
  const width = rows[0]?.length ?? typesOf(part).length
  const columns = Array.from({ length: width }, (_, index) => merged(rows.map((row) => flowOf(row[index], child))))
  return { ...child, columns }
}

function typesOf(part: Part): unknown[] {
  const types = part.chunk_types ?? part.expr_types
  return Array.isArray(types) ? types : []
}

/** Rows of all, one below the other. */
function stacked(flows: readonly RowFlow[]): RowFlow {
  const [first = empty] = flows
  return {
    columns: first.columns.map((_, index) => merged(flows.map(({ columns }) => columns[index] ?? constant))),
    shapes: union(...flows.map(({ shapes }) => shapes)),
    relations: union(...flows.map(({ relations }) => relations)),
  }
}

const allOf = (flows: readonly RowFlow[]): Sources =>
  union(...flows.flatMap(({ columns, shapes }) => [shapes, ...columns.map(reach)]))

function unknown(part: Part): never {
  throw new UnknownPlan(textOf(part, 'type'))
}
