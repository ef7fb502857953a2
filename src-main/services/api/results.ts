import type { RowsWindow } from '../../../shared/contract/results.ts'
import type { Column } from '../../../shared/data/types.ts'
import { cellText, type Row } from '../../../shared/data/wire.ts'
import { api } from './context.ts'

/** Longer texts are cut in windows; `results.cell` gives them whole. */
const maxCell = 1_000

export const results = {
  window: api.results.window.handler(async ({ context, input }) => {
    const { source, view, offset, limit } = input
    const sample = context.runs.sample(source.run, source.node, source.port)
    if (sample) {
      const rows = sample.rows.slice(offset, offset + limit)
      return windowOf(sample.columns, rows, { total: sample.rows.length, complete: false })
    }
    const opened = await context.results.of(source)
    const { columns, rows, total } = await opened.window({ ...view, offset, limit })
    return windowOf(columns, rows, { total, complete: true })
  }),
}

function windowOf(columns: Column[], rows: Row[], rest: Pick<RowsWindow, 'total' | 'complete'>): RowsWindow {
  const cut: RowsWindow['cut'] = []
  const texts = rows.map((row, r) =>
    columns.map(({ type }, c) => {
      const cell = row[c] ?? null
      if (cell === null) return null
      const text = cellText(cell, type)
      if (text.length <= maxCell) return text
      cut.push({ row: r, column: c, length: text.length })
      return text.slice(0, maxCell)
    }),
  )
  return { columns, rows: texts, cut, ...rest }
}
