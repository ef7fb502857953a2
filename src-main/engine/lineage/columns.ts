/** Columns of inputs, as `relation` and `column` joined; see `columnKey`. */
export type Sources = ReadonlySet<string>

/** Where the values of one column come from. */
export interface ColumnFlow {
  /** Its values are made of theirs. */
  from: Sources
  /** They decide which of the values it gets: partitions and orders of windows, conditions of aggregates, keys of scalar subqueries. */
  shapes: Sources
}

/** What flows out of an operator. */
export interface RowFlow {
  columns: readonly ColumnFlow[]
  /** Columns that decide which rows there are, or their order. */
  shapes: Sources
  /** Inputs whose rows it reads. */
  relations: Sources
  /** The operator's own number, by which some plans name its columns. */
  table?: number
}

/** What an expression is over. */
export type Input = Pick<RowFlow, 'columns' | 'table'>

export const columnKey = (relation: string, column: string) => JSON.stringify([relation, column])

export const nothing: Sources = new Set()
export const constant: ColumnFlow = { from: nothing, shapes: nothing }

export function union(...sets: readonly Sources[]): Sources {
  const filled = sets.filter((set) => set.size > 0)
  const [first = nothing, ...others] = filled
  if (others.length === 0) return first
  const all = new Set(first)
  for (const other of others) for (const key of other) all.add(key)
  return all
}

/** All that a value depends on. */
export const reach = ({ from, shapes }: ColumnFlow): Sources => union(from, shapes)

export const merged = (flows: readonly ColumnFlow[]): ColumnFlow => ({
  from: union(...flows.map(({ from }) => from)),
  shapes: union(...flows.map(({ shapes }) => shapes)),
})

/** The same column, depending on more. */
export const shapedBy = ({ from, shapes }: ColumnFlow, more: Sources): ColumnFlow => ({
  from,
  shapes: union(shapes, more),
})
