import type { CellText } from '../../shared/contract/results.ts'
import { isNumber } from '../../shared/data/kinds.ts'
import { type ColumnType, formatType } from '../../shared/data/types.ts'
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

/** Pixels that a column starts with, by its name and type. */
export function startingWidth(name: string, type: ColumnType): number {
  const byType: Partial<Record<ColumnType['kind'], number>> = {
    boolean: 84,
    int16: 84,
    int32: 104,
    int64: 128,
    date: 112,
    time: 112,
    timestamp: 184,
    timestamptz: 208,
    uuid: 280,
    json: 240,
    text: 184,
  }
  return Math.min(320, Math.max(byType[type.kind] ?? 136, 64 + name.length * 7.5))
}
