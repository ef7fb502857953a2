import type { Column } from '../../../../shared/data/types.ts'
import { type Cell, cellText, type Row } from '../../../../shared/data/wire.ts'
import type { Terminal } from './terminal.ts'
import { padTo, printable, textWidth } from './text.ts'

const rightAligned = new Set(['int16', 'int32', 'int64', 'float32', 'float64', 'decimal'])
const widestCell = 60

interface Layout {
  columns: readonly Column[]
  widths: number[]
  /** Columns that did not fit. */
  hidden: number
}

/** Draws rows as a table, batch by batch: widths are those of the first batch, longer cells are cut with `…`. */
export class TablePrinter {
  private readonly to: Terminal
  private readonly columns: readonly Column[]
  private layout: Layout | undefined

  constructor(to: Terminal, columns: readonly Column[]) {
    this.to = to
    this.columns = columns
  }

  rows(rows: readonly Row[]): void {
    const texts = rows.map((row) => this.columns.map((column, index) => shown(row[index] ?? null, column)))
    this.layout ??= this.begin(texts)
    for (const [index, cells] of texts.entries()) this.to.line(this.rowLine(this.layout, cells, rows[index] ?? []))
  }

  /** Prints the head also when there were no rows. */
  end(): void {
    this.layout ??= this.begin([])
    if (this.layout.hidden > 0) {
      this.to.line(this.to.style('dim', `(${this.layout.hidden} more columns do not fit; widen the terminal)`))
    }
  }

  private begin(texts: readonly string[][]): Layout {
    const layout = layOut(this.columns, texts, this.to.width)
    const head = layout.widths.map((width, index) => {
      const column = this.columns[index]
      return this.to.style('bold', padTo(printable(column?.name ?? ''), width, alignment(column)))
    })
    this.to.line(head.join('  ').trimEnd())
    this.to.line(layout.widths.map((width) => '─'.repeat(width)).join('  '))
    return layout
  }

  private rowLine({ widths }: Layout, cells: readonly string[], row: Row): string {
    const drawn = widths.map((width, index) => {
      const text = padTo(cells[index] ?? '', width, alignment(this.columns[index]))
      return row[index] === null || row[index] === undefined ? this.to.style('dim', text) : text
    })
    return drawn.join('  ').trimEnd()
  }
}

function alignment(column: Column | undefined): 'left' | 'right' {
  return column !== undefined && rightAligned.has(column.type.kind) ? 'right' : 'left'
}

function shown(cell: Cell, column: Column): string {
  return cell === null ? 'NULL' : printable(cellText(cell, column.type))
}

function layOut(columns: readonly Column[], texts: readonly string[][], screen: number | undefined): Layout {
  const widths = columns.map((column, index) => {
    const widest = texts.reduce((most, cells) => Math.max(most, textWidth(cells[index] ?? '')), 0)
    return Math.max(1, Math.min(widestCell, Math.max(widest, textWidth(printable(column.name)))))
  })
  if (screen === undefined) return { columns, widths, hidden: 0 }
  let used = -2
  const fitting = widths.findIndex((width) => {
    used += width + 2
    return used > screen
  })
  const count = fitting < 0 ? widths.length : Math.max(1, fitting)
  return { columns, widths: widths.slice(0, count), hidden: widths.length - count }
}

/** A small table of texts, e.g. a list of connections. */
export function printList(to: Terminal, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const columns = head.map((name): Column => ({ name, type: { kind: 'text' } }))
  const printer = new TablePrinter(to, columns)
  printer.rows(rows.map((row) => [...row]))
  printer.end()
}
