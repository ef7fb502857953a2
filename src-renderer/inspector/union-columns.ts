import { type Column, type ColumnType, formatType } from '../../shared/data/types.ts'

export interface UnionInput {
  /** Null while they are not known. */
  columns: readonly Column[] | null
}

/** A column that comes out of a union, and what each input gives it. */
export interface UnionColumn {
  name: string
  /** In the order of the inputs: null where one has no such column, undefined while its columns are not known. */
  cells: readonly (Column | null | undefined)[]
  /** Why the types do not go together; undefined where they do. */
  clash?: string
}

/** Which column of each input goes where: by name in any order and case, or first to first. */
export function unionColumns(inputs: readonly UnionInput[], by: 'name' | 'position'): UnionColumn[] {
  return by === 'name' ? byName(inputs) : byPosition(inputs)
}

function byName(inputs: readonly UnionInput[]): UnionColumn[] {
  const names = new Map<string, string>()
  for (const { columns } of inputs) {
    for (const { name } of columns ?? []) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  }
  return [...names].map(([key, name]) => {
    const find = (columns: readonly Column[]) => columns.find((column) => column.name.toLowerCase() === key) ?? null
    return columnOf(
      name,
      inputs.map(({ columns }) => (columns ? find(columns) : undefined)),
    )
  })
}

function byPosition(inputs: readonly UnionInput[]): UnionColumn[] {
  const width = Math.max(0, ...inputs.map(({ columns }) => columns?.length ?? 0))
  return Array.from({ length: width }, (_none, index) => {
    const cells = inputs.map(({ columns }) => (columns ? (columns[index] ?? null) : undefined))
    return columnOf(cells.find((cell) => cell)?.name ?? '', cells)
  })
}

function columnOf(name: string, cells: UnionColumn['cells']): UnionColumn {
  const clash = clashOf(cells.flatMap((cell) => (cell ? [cell.type] : [])))
  return { name, cells, ...(clash !== undefined && { clash }) }
}

const whole = new Set(['int16', 'int32', 'int64'])
const exact = new Set(['int64', 'decimal'])
const floating = new Set(['float32', 'float64'])

type Family = 'number' | 'moment' | ColumnType['kind']

function familyOf({ kind }: ColumnType): Family {
  if (whole.has(kind) || floating.has(kind) || kind === 'decimal') return 'number'
  if (kind === 'enum') return 'text'
  return kind === 'date' || kind === 'timestamp' || kind === 'timestamptz' ? 'moment' : kind
}

function clashOf(types: readonly ColumnType[]): string | undefined {
  const written = [...new Set(types.map(formatType))]
  if (written.length < 2) return undefined
  if (new Set(types.map(familyOf)).size > 1) return `Different kinds of values: ${written.join(', ')}.`
  const kinds = types.map(({ kind }) => kind)
  if (kinds.some((kind) => floating.has(kind)) && kinds.some((kind) => exact.has(kind)))
    return `Becomes float64, which is not exact: ${written.join(', ')}.`
  return undefined
}
