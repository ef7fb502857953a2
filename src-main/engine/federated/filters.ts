import { isPart, type Part, partsOf, textOf } from '../lineage/json.ts'

/** A constant of a plan: its type in the engine, and its value as JSON holds it. */
export interface Constant {
  type: string
  scale: number
  value: unknown
}

export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>='

/** A condition on single columns of a table, by their position. */
export type Predicate =
  | { kind: 'compare'; column: number; operator: Operator; constant: Constant }
  | { kind: 'in'; column: number; constants: Constant[] }
  | { kind: 'null'; column: number; is: boolean }
  | { kind: 'and' | 'or'; of: Predicate[] }

const operators: Record<string, Operator> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
}

const mirrored: Record<Operator, Operator> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

/**
 * What a scan's filters ask of its rows; undefined when nothing of it is understood. Parts that are not understood are left out where that
 * lets more rows pass, never where it would let fewer.
 */
export function predicateOf(scan: Part): Predicate | undefined {
  const filters = isPart(scan.table_filters) ? partsOf(scan.table_filters, 'filters') : []
  return every(filters.map(({ key, value }) => (isPart(value) ? filterOf(value, Number(key)) : undefined)))
}

function filterOf(filter: Part, column: number): Predicate | undefined {
  switch (textOf(filter, 'filter_type')) {
    case 'CONSTANT_COMPARISON':
      return comparison(column, operators[textOf(filter, 'comparison_type')], constantOf(filter.constant))
    case 'IS_NULL':
      return { kind: 'null', column, is: true }
    case 'IS_NOT_NULL':
      return { kind: 'null', column, is: false }
    case 'IN_FILTER':
      return oneOf(column, partsOf(filter, 'values'))
    case 'OPTIONAL_FILTER':
      return isPart(filter.child_filter) ? filterOf(filter.child_filter, column) : undefined
    case 'CONJUNCTION_AND':
      return every(partsOf(filter, 'child_filters').map((child) => filterOf(child, column)))
    case 'CONJUNCTION_OR':
      return some(partsOf(filter, 'child_filters').map((child) => filterOf(child, column)))
    case 'EXPRESSION_FILTER':
      return isPart(filter.expr) ? conditionOf(filter.expr, column) : undefined
    default:
      return undefined
  }
}

/** An expression over the one column. */
function conditionOf(part: Part, column: number): Predicate | undefined {
  const children = partsOf(part, 'children')
  const [first, ...rest] = children
  switch (textOf(part, 'type')) {
    case 'BOUND_REF':
      return comparison(column, '=', { type: 'BOOLEAN', scale: 0, value: true })
    case 'OPERATOR_NOT':
      return isColumn(first) ? comparison(column, '=', { type: 'BOOLEAN', scale: 0, value: false }) : undefined
    case 'OPERATOR_IS_NULL':
      return isColumn(first) ? { kind: 'null', column, is: true } : undefined
    case 'OPERATOR_IS_NOT_NULL':
      return isColumn(first) ? { kind: 'null', column, is: false } : undefined
    case 'COMPARE_IN':
      return isColumn(first) && rest.every((child) => child.type === 'VALUE_CONSTANT')
        ? oneOf(
            column,
            rest.flatMap(({ value }) => (isPart(value) ? [value] : [])),
          )
        : undefined
    case 'CONJUNCTION_AND':
      return every(children.map((child) => conditionOf(child, column)))
    case 'CONJUNCTION_OR':
      return some(children.map((child) => conditionOf(child, column)))
    default:
      return sides(part, column)
  }
}

const isColumn = (part: unknown) => isPart(part) && part.type === 'BOUND_REF'

function sides({ type, left, right }: Part, column: number): Predicate | undefined {
  const operator = operators[String(type)]
  if (!operator || !isPart(left) || !isPart(right)) return undefined
  if (isColumn(left) && right.type === 'VALUE_CONSTANT') return comparison(column, operator, constantOf(right.value))
  if (isColumn(right) && left.type === 'VALUE_CONSTANT')
    return comparison(column, mirrored[operator], constantOf(left.value))
  return undefined
}

function comparison(
  column: number,
  operator: Operator | undefined,
  constant: Constant | undefined,
): Predicate | undefined {
  return operator && constant ? { kind: 'compare', column, operator, constant } : undefined
}

/** A NULL in the list lets no row pass. */
function oneOf(column: number, values: readonly Part[]): Predicate {
  return { kind: 'in', column, constants: values.flatMap((value) => constantOf(value) ?? []) }
}

function constantOf(value: unknown): Constant | undefined {
  if (!isPart(value) || value.is_null === true || !isPart(value.type)) return undefined
  const info = isPart(value.type.type_info) ? value.type.type_info : {}
  return { type: textOf(value.type, 'id'), scale: Number(info.scale ?? 0), value: value.value }
}

/** All of them, as far as they are known. */
export function every(predicates: readonly (Predicate | undefined)[]): Predicate | undefined {
  const of = predicates.filter((predicate) => predicate !== undefined)
  return of.length > 1 ? { kind: 'and', of } : of[0]
}

/** Any of them; unknown as soon as one of them is. */
export function some(predicates: readonly (Predicate | undefined)[]): Predicate | undefined {
  const of = predicates.filter((predicate) => predicate !== undefined)
  if (of.length < predicates.length || of.length === 0) return undefined
  return of.length > 1 ? { kind: 'or', of } : of[0]
}
