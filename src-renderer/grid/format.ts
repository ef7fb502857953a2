import type { CellText } from '../../shared/contract/results.ts'
import { isNumber } from '../../shared/data/kinds.ts'
import { type Column, type ColumnType, formatType } from '../../shared/data/types.ts'
import { formatBytes } from '../ui/format.ts'

/** Bytes of a blob that a cell shows. */
const shownBytes = 12

/** A cell on one line. `length` is of its whole text, where it was cut. */
export function cellLine(text: CellText, type: ColumnType, length = text?.length ?? 0): string {
  if (text === null) return 'NULL'
  if (type.kind === 'blob') {
    const bytes = (length - 2) / 2
    return `${text.slice(0, 2 + shownBytes * 2)}${bytes > shownBytes ? '…' : ''} (${formatBytes(bytes)})`
  }
  return text.replace(/\r\n|\r|\n/g, ' ↵ ')
}

/** A type as a header has room for: `int64`, `decimal(12,2)`, `enum`. */
export const shortType = (type: ColumnType): string => (type.kind === 'enum' ? 'enum' : formatType(type))

export const isRightAligned = (type: ColumnType): boolean => isNumber(type)

const widths = { least: 64, most: 320, character: 8.1, edges: 20, menu: 52 }

/** Pixels that a column starts with: its name and some of its values have room. */
export function startingWidth({ name, type }: Column, values: readonly CellText[]): number {
  const longest = Math.max(0, ...values.map((value) => cellLine(value, type).length))
  const content = longest * widths.character + widths.edges
  const header = (name.length + shortType(type).length * 0.8) * widths.character + widths.menu
  return Math.round(Math.min(widths.most, Math.max(widths.least, content, header)))
}
