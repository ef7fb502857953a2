import type { FilterOperator, RowFilter } from '../../shared/contract/results.ts'
import { isMoment, isNumber } from '../../shared/data/kinds.ts'
import type { ColumnType } from '../../shared/data/types.ts'

export const operatorWords: Readonly<Record<FilterOperator, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': '<',
  '<=': '≤',
  '>': '>',
  '>=': '≥',
  contains: 'contains',
  starts: 'starts with',
  ends: 'ends with',
  empty: 'is empty or NULL',
  filled: 'has a value',
  null: 'is NULL',
  notNull: 'is not NULL',
}

const ordered: readonly FilterOperator[] = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'null',
  'notNull',
  'contains',
  'starts',
  'ends',
]
const texts: readonly FilterOperator[] = [
  'contains',
  '=',
  '!=',
  'starts',
  'ends',
  'empty',
  'filled',
  'null',
  'notNull',
  '<',
  '<=',
  '>',
  '>=',
]

/** Operators that fit a type, the likeliest first. */
export function operatorsOf(type: ColumnType): readonly FilterOperator[] {
  if (type.kind === 'boolean') return ['=', '!=', 'null', 'notNull']
  return isNumber(type) || isMoment(type) || ['time', 'interval', 'uuid'].includes(type.kind) ? ordered : texts
}

export const takesValue = (operator: FilterOperator): boolean =>
  !['empty', 'filled', 'null', 'notNull'].includes(operator)

/** A filter in words: `amount ≥ 100`, `note is NULL`. */
export function filterWords({ column, operator, value }: RowFilter): string {
  if (!takesValue(operator)) return `${column} ${operatorWords[operator]}`
  return `${column} ${operatorWords[operator]} ${value === '' || value === undefined ? 'empty text' : value}`
}
