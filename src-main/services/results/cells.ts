import type { CellText, RowsWindow } from '../../../shared/contract/results.ts'
import type { Column } from '../../../shared/data/types.ts'
import { type Cell, cellText, type Row } from '../../../shared/data/wire.ts'
import type { Sample } from '../live-runs.ts'

/** Longer texts are cut in windows; `results.cell` gives them whole. */
export const maxCell = 1_000

export function textsOf(rows: readonly Row[], columns: readonly Column[]): CellText[][] {
  return rows.map((row) => columns.map((column, index) => textOf(row[index] ?? null, column)))
}

/** What the engine gave as text is text already, whatever its column's type. */
function textOf(cell: Cell, { type }: Column): CellText {
  if (cell === null || typeof cell === 'string') return cell
  return type.kind === 'float32' && typeof cell === 'number' ? float32Text(cell) : cellText(cell, type)
}

/** The shortest digits that are read as the same number of 32 bits, as people write it; JavaScript prints those of 64. */
export function float32Text(cell: number): string {
  if (Object.is(cell, -0)) return '-0'
  const held = Math.fround(cell)
  if (Number.isFinite(held)) {
    for (let digits = 1; digits <= 9; digits++) {
      const short = Number(held.toPrecision(digits))
      if (Math.fround(short) === held) return String(short)
    }
  }
  return String(cell)
}

/** The first rows of a node that still runs, as a window. */
export function sampleWindow(
  { columns, rows, complete = false }: Sample & { complete?: boolean },
  offset: number,
  limit: number,
): RowsWindow {
  const cut: RowsWindow['cut'] = []
  const texts = textsOf(rows.slice(offset, offset + limit), columns).map((row, r) =>
    row.map((text, c) => {
      if (text === null || text.length <= maxCell) return text
      cut.push({ row: r, column: c, length: text.length })
      return text.slice(0, maxCell)
    }),
  )
  return { columns, rows: texts, cut, total: rows.length, complete }
}
