import { type ColumnFlow, type RowFlow, type Sources, shapedBy, union } from './columns.ts'
import { lookedAt } from './expressions.ts'
import { numbersOf, type Part, partsOf, textOf } from './json.ts'

/** What comes out of a join. Conditions see both sides; pairs see one side each. */
export function joinFlow(join: Part, left: RowFlow, right: RowFlow): RowFlow {
  const keys = conditionsOf(join, left, right)
  const relations = union(left.relations, right.relations)
  const lefts = projected(left.columns, numbersOf(join, 'left_projection_map'))
  const rights = projected(right.columns, numbersOf(join, 'right_projection_map'))
  const shapes = union(left.shapes, right.shapes, keys)
  switch (textOf(join, 'join_type')) {
    case 'SEMI':
    case 'ANTI':
      return { columns: lefts, shapes, relations }
    case 'RIGHT_SEMI':
    case 'RIGHT_ANTI':
      return { columns: rights, shapes, relations }
    // Neither takes rows away: what a subquery says stands in a column.
    case 'MARK':
      return {
        columns: [...lefts, { from: union(keys, right.shapes), shapes: new Set() }],
        shapes: left.shapes,
        relations,
      }
    case 'SINGLE':
      return {
        columns: [...lefts, ...rights.map((column) => shapedBy(column, union(keys, right.shapes)))],
        shapes: left.shapes,
        relations,
      }
    default:
      return { columns: [...lefts, ...rights], shapes, relations }
  }
}

function conditionsOf(join: Part, left: RowFlow, right: RowFlow): Sources {
  const both = { columns: [...left.columns, ...right.columns] }
  const pairs = partsOf(join, 'conditions').map((condition) =>
    'comparison' in condition && 'left' in condition
      ? union(lookedAt(condition.left, left), lookedAt(condition.right, right))
      : lookedAt(condition, both),
  )
  return union(...pairs, lookedAt(join.condition, both), lookedAt(join.predicate, both))
}

export function projected(columns: readonly ColumnFlow[], map: readonly number[]): readonly ColumnFlow[] {
  return map.length === 0 ? columns : map.flatMap((index) => columns[index] ?? [])
}
