import { isMoment, isNumber } from '../data/kinds.ts'
import type { Column, ColumnType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { nearestFew } from '../nearest.ts'
import { quoteName } from '../sql/duckdb.ts'
import type { InputRelation } from './define.ts'

/** The alias under which a transform's SELECT reads its input, so that its own names never shadow columns. */
const alias = quoteName('in')

export const fromInput = (input: InputRelation) => `FROM ${input.relation} AS ${alias}`

/** A column of the input, qualified. */
export const ref = (column: Column | string) =>
  `${alias}.${quoteName(typeof column === 'string' ? column : column.name)}`

export const sameName = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** The relation wired to a port. @throws AppError GRAPH_PORT when none is. */
export function inputAt(inputs: readonly InputRelation[], port = 'in'): InputRelation {
  const input = inputs.find((candidate) => candidate.port === port)
  if (input === undefined) throw new AppError('GRAPH_PORT', `Nothing is wired to the port ${port}.`)
  return input
}

/**
 * A column that the config names, as it arrives. Names match whatever their case.
 * @throws AppError CONFIG_COLUMN with `at.field` and the nearest names.
 */
export function findColumn(input: InputRelation, name: string, field: string): Column {
  const column = input.columns.find((candidate) => sameName(candidate.name, name))
  if (column !== undefined) return column
  const near = nearestFew(
    name,
    input.columns.map((candidate) => candidate.name),
  )
  const meant = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
  const where = input.port === 'in' ? '' : ` at the port ${input.port}`
  throw new AppError('CONFIG_COLUMN', `The column ${name} does not arrive${where}.${meant}`, {
    at: { field },
    hint: `Columns that arrive: ${input.columns.map((candidate) => candidate.name).join(', ') || 'none'}.`,
  })
}

/** As `findColumn`, for a list of names. @throws AppError CONFIG_INVALID when a name stands there twice. */
export function findColumns(input: InputRelation, names: readonly string[], field: string): Column[] {
  checkDistinct(names, (index) => `${field}.${index}`)
  return names.map((name, index) => findColumn(input, name, `${field}.${index}`))
}

/**
 * Columns that a node makes need names of their own, whatever their case.
 * `field` says where each name is written. @throws AppError CONFIG_INVALID for the first name that is taken.
 */
export function checkDistinct(
  names: readonly string[],
  field: (index: number) => string,
  taken: readonly string[] = [],
): void {
  const seen = new Set(taken.map((name) => name.toLowerCase()))
  names.forEach((name, index) => {
    if (seen.has(name.toLowerCase())) {
      throw new AppError('CONFIG_INVALID', `There would be two columns named ${name}.`, {
        at: { field: field(index) },
        hint: 'Names that differ only in case count as the same. Choose another name.',
      })
    }
    seen.add(name.toLowerCase())
  })
}

/** A name that none of the columns has, for columns that exist only inside a SELECT. */
export function unusedName(columns: readonly { name: string }[], base: string): string {
  let name = base
  for (let n = 2; columns.some((column) => sameName(column.name, name)); n++) name = `${base}_${n}`
  return name
}

/** Whether values of two types can be compared, and be in one column, without any of them being read as something else. */
export function goTogether(one: ColumnType, other: ColumnType): boolean {
  const texts = ['text', 'enum', 'json']
  if (one.kind === 'list' || other.kind === 'list') {
    return one.kind === 'list' && other.kind === 'list' && goTogether(one.of, other.of)
  }
  return (
    one.kind === other.kind ||
    (isNumber(one) && isNumber(other)) ||
    (isMoment(one) && isMoment(other)) ||
    (texts.includes(one.kind) && texts.includes(other.kind))
  )
}
