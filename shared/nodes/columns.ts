import type { Column } from '../data/types.ts'
import { AppError } from '../errors.ts'
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
  const near = nearestNames(
    name,
    input.columns.map((candidate) => candidate.name),
  )
  const meant = near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`
  throw new AppError('CONFIG_COLUMN', `The column ${name} does not arrive at the port ${input.port}.${meant}`, {
    at: { field },
    hint: `Columns that arrive: ${input.columns.map((candidate) => candidate.name).join(', ') || 'none'}.`,
  })
}

/** As `findColumn`, for a list of names. @throws AppError CONFIG_INVALID when a name stands there twice. */
export function findColumns(input: InputRelation, names: readonly string[], field: string): Column[] {
  checkDistinct(names, field)
  return names.map((name, index) => findColumn(input, name, `${field}.${index}`))
}

/**
 * Columns that a node makes need names of their own, whatever their case.
 * @throws AppError CONFIG_INVALID naming the first that is taken; `field(index)` says where its name is written.
 */
export function checkDistinct(names: readonly string[], field: string, part = '', taken: readonly string[] = []): void {
  const seen = new Set(taken.map((name) => name.toLowerCase()))
  names.forEach((name, index) => {
    if (seen.has(name.toLowerCase())) {
      throw new AppError('CONFIG_INVALID', `There would be two columns named ${name}.`, {
        at: { field: `${field}.${index}${part}` },
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

/** Up to three candidates that the name may have meant, nearest first: those that contain it or lie a few edits away. */
export function nearestNames(name: string, candidates: readonly string[]): string[] {
  const wanted = name.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return candidates
    .map((candidate) => ({ candidate, distance: nameDistance(wanted, candidate.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

function nameDistance(wanted: string, candidate: string, limit: number): number {
  const distance = editDistance(wanted, candidate)
  if (distance <= limit || wanted.length < 3 || candidate.length < 3) return distance
  return candidate.includes(wanted) || wanted.includes(candidate) ? limit : distance
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(change, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
