import type { RowsWindow } from '../../shared/contract/results.ts'
import type { GridRow } from './store.ts'

/** Rows of a window as the grid holds them. */
export function gridRows({ rows, cut }: RowsWindow): GridRow[] {
  const made = rows.map((cells): { cells: GridRow['cells']; cut?: Record<number, number> } => ({ cells }))
  for (const { row, column, length } of cut) {
    const target = made[row]
    if (target) target.cut = { ...target.cut, [column]: length }
  }
  return made
}
