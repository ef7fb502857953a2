import type { ColumnType } from '../../../shared/data/types.ts'
import { type Cell, parseCell } from '../../../shared/data/wire.ts'

/** Reads an array as Postgres prints it, `{1,NULL,"a b",{…}}`; bounds such as `[0:1]=` are dropped. */
export function parseArray(text: string, of: ColumnType): Cell[] {
  const open = text.indexOf('{')
  let at = open + 1
  const items: Cell[] = []
  const stack: Cell[][] = [items]
  while (at < text.length && stack.length > 0) {
    const current = stack[stack.length - 1]
    const char = text[at]
    if (char === '{') {
      const inner: Cell[] = []
      current?.push(inner)
      stack.push(inner)
      at++
    } else if (char === '}') {
      stack.pop()
      at++
    } else if (char === ',') at++
    else if (char === '"') {
      let value = ''
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === '\\') at++
        value += text[at]
      }
      at++
      current?.push(parseCell(value, of))
    } else {
      const from = at
      while (at < text.length && text[at] !== ',' && text[at] !== '}') at++
      const value = text.slice(from, at)
      current?.push(value.toUpperCase() === 'NULL' ? null : parseCell(value, of))
    }
  }
  return items
}

/** Turns the fields of one column, as the server prints them, into cells. The server is trusted to print its types well. */
export function decoderOf(type: ColumnType): (text: string) => Cell {
  switch (type.kind) {
    case 'boolean':
      return (text) => text === 't'
    case 'int16':
    case 'int32':
    case 'float32':
    case 'float64':
      return Number
    case 'int64':
      return BigInt
    case 'list':
      return (text) => parseArray(text, type.of)
    case 'blob':
      return (text) => parseCell(text, type)
    default:
      return (text) => text
  }
}

/** Rows of fields as rows of cells. */
export function decodeRows(rows: readonly (string | null)[][], types: readonly ColumnType[]): Cell[][] {
  const decoders = types.map(decoderOf)
  return rows.map((row) =>
    decoders.map((decode, index) => {
      const text = row[index]
      return text === null || text === undefined ? null : decode(text)
    }),
  )
}

/** The texts in a JSON array that the catalog queries return; none for null. */
export function jsonTexts(json: string | null): string[] {
  const parsed: unknown = json === null ? [] : JSON.parse(json)
  return Array.isArray(parsed) ? parsed.map(String) : []
}
