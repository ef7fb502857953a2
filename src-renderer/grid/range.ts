export interface Cell {
  row: number
  /** Place among the columns as they are shown. */
  column: number
}

/** Cells from one corner to the opposite one. */
export interface CellRange {
  anchor: Cell
  /** The corner that moves while the range grows. */
  end: Cell
}

export interface Bounds {
  top: number
  bottom: number
  left: number
  right: number
}

export function boundsOf({ anchor, end }: CellRange): Bounds {
  return {
    top: Math.min(anchor.row, end.row),
    bottom: Math.max(anchor.row, end.row),
    left: Math.min(anchor.column, end.column),
    right: Math.max(anchor.column, end.column),
  }
}

export function holds(range: CellRange | undefined, row: number, column: number): boolean {
  if (!range) return false
  const { top, bottom, left, right } = boundsOf(range)
  return row >= top && row <= bottom && column >= left && column <= right
}

export const single = (cell: Cell): CellRange => ({ anchor: cell, end: cell })

export const isSingle = ({ anchor, end }: CellRange): boolean => anchor.row === end.row && anchor.column === end.column

export type Move = 'up' | 'down' | 'left' | 'right'

/** The range with its moving corner a step further, or as far as it goes. */
export function grown(range: CellRange, move: Move, size: { rows: number; columns: number }, whole = false): CellRange {
  const { row, column } = range.end
  const end = {
    up: { row: whole ? 0 : row - 1, column },
    down: { row: whole ? size.rows - 1 : row + 1, column },
    left: { row, column: whole ? 0 : column - 1 },
    right: { row, column: whole ? size.columns - 1 : column + 1 },
  }[move]
  return {
    anchor: range.anchor,
    end: { row: clamp(end.row, size.rows), column: clamp(end.column, size.columns) },
  }
}

const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value))
