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

/** The cell of a field as the server prints it. */
export function cellOf(text: string | null, type: ColumnType): Cell {
  if (text === null) return null
  return type.kind === 'list' ? parseArray(text, type.of) : parseCell(text, type)
}

/** The texts in a JSON array that the catalog queries return; none for null. */
export function jsonTexts(json: string | null): string[] {
  const parsed: unknown = json === null ? [] : JSON.parse(json)
  return Array.isArray(parsed) ? parsed.map(String) : []
}
