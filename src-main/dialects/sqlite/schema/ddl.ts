/** A piece of a CREATE statement: a word, a quoted name or a string, what stands in parentheses, or a sign. */
interface Piece {
  text: string
  /** Lower case; empty for anything but a bare word. */
  word: string
  /** The pieces between the parentheses. */
  inside?: Piece[]
  start: number
  end: number
}

const pattern =
  /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|[\p{L}_][\p{L}\p{N}_$]*|[\s\S]/gu

/** SQLite keeps a schema as the text of its statements and tells some things nowhere else. */
function pieces(sql: string): Piece[] {
  const top: Piece[] = []
  const open: Piece[] = []
  for (const { 0: text, index } of sql.matchAll(pattern)) {
    if (/^(?:\s|--|\/\*)/.test(text)) continue
    const end = index + text.length
    const group = open.at(-1)
    if (text === ')' && group) {
      open.pop()
      group.end = end
      group.text = sql.slice(group.start + 1, index).trim()
      continue
    }
    const word = /^[\p{L}_]/u.test(text) ? text.toLowerCase() : ''
    const piece: Piece = { text, word, start: index, end, ...(text === '(' && { inside: [] }) }
    const level = group?.inside ?? top
    level.push(piece)
    if (piece.inside) open.push(piece)
  }
  return top
}

function list(all: readonly Piece[]): Piece[][] {
  const items: Piece[][] = [[]]
  for (const piece of all) {
    if (piece.text === ',' && !piece.inside) items.push([])
    else items.at(-1)?.push(piece)
  }
  return items.filter((item) => item.length > 0)
}

function bare(text: string): string {
  const quote = text[0] ?? ''
  if (quote === '[') return text.slice(1, -1)
  return /^["'`]/.test(quote) ? text.slice(1, -1).replaceAll(quote + quote, quote) : text
}

export interface TableText {
  /** What generated columns are made of, by column. */
  generated: Map<string, string>
  checks: { name: string | null; expression: string }[]
  /** Names of the foreign keys, in the order they are written. */
  foreignKeys: (string | null)[]
}

/** What the text of CREATE TABLE tells beyond what pragmas do. */
export function readTable(sql: string): TableText {
  const found: TableText = { generated: new Map(), checks: [], foreignKeys: [] }
  const body = pieces(sql).find((piece) => piece.inside)?.inside ?? []
  for (const item of list(body)) {
    let name: string | null = null
    for (const [index, piece] of item.entries()) {
      const next = item[index + 1]
      if (piece.word === 'constraint' && next) name = bare(next.text)
      else if (piece.word === 'check' && next?.inside) found.checks.push({ name, expression: next.text })
      else if (piece.word === 'references') found.foreignKeys.push(name)
      else if (piece.word === 'as' && next?.inside) found.generated.set(bare(item[0]?.text ?? ''), next.text)
      if (ends.has(piece.word)) name = null
    }
  }
  return found
}

/** A name given by CONSTRAINT belongs to the first of these. */
const ends = new Set(['check', 'references', 'unique', 'primary', 'null', 'default', 'collate', 'as'])

export interface IndexText {
  /** Columns and expressions as they are written, without their order and collation. */
  keys: string[]
  condition: string | null
}

/** What the text of CREATE INDEX tells. */
export function readIndex(sql: string): IndexText {
  const all = pieces(sql)
  const at = all.findIndex((piece) => piece.inside)
  const where = all[at + 1]
  const keys = list(all[at]?.inside ?? []).map((item) => {
    const end = item.findIndex(({ word }, index) => index > 0 && /^(?:asc|desc|collate)$/.test(word))
    const kept = end < 0 ? item : item.slice(0, end)
    return sql.slice(kept[0]?.start, kept.at(-1)?.end)
  })
  return { keys, condition: where?.word === 'where' ? sql.slice(where.end).trim() : null }
}

/** When a trigger fires, from the text of CREATE TRIGGER, e.g. `after update`. */
export function readTrigger(sql: string): string {
  const words = pieces(sql).map(({ word }) => word)
  // Behind CREATE TRIGGER and its name.
  const event = words.findIndex((word, index) => index > 2 && /^(?:insert|update|delete)$/.test(word))
  const before = words[event - 1]
  const time = before === 'of' ? 'instead of' : before === 'after' ? 'after' : 'before'
  return `${time} ${words[event] ?? ''}`
}
