import { lexis, tokenizeSql } from '../../../shared/sql/placeholders.ts'
import { oneStatement } from '../server/statement.ts'

/** Quotes an identifier. */
export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A string as a literal; for names inside our own SQL, never for a user's values. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** SQL made from a user's text: what is sent, the placeholders in `$n` order, and the way back for error positions. */
export interface Prepared {
  text: string
  names: string[]
  /** From the server's 1-based position in characters to a 0-based offset in the user's text; undefined outside of it. */
  origin(position: number): number | undefined
}

interface Piece {
  text: string
  /** Offset in the user's text; undefined for text of our own. */
  start?: number
  verbatim: boolean
}

/**
 * One statement, its placeholders rendered by `render` (n counts names from 1), set between `before` and `after`.
 * @throws AppError QUERY_SYNTAX when the text holds no statement, or several.
 */
export function prepareSql(
  sql: string,
  render: (n: number) => string = (n) => `$${n}`,
  before = '',
  after = '',
): Prepared {
  const statement = oneStatement(sql, 'postgres')
  const names: string[] = []
  const pieces: Piece[] = [{ text: before, verbatim: false }]
  for (const token of tokenizeSql(statement.sql, lexis.postgres)) {
    const start = statement.start + token.start
    if (token.type !== 'placeholder') pieces.push({ text: token.text, start, verbatim: true })
    else {
      if (!names.includes(token.name)) names.push(token.name)
      pieces.push({ text: render(names.indexOf(token.name) + 1), start, verbatim: false })
    }
  }
  pieces.push({ text: after, verbatim: false })
  const text = pieces.map((piece) => piece.text).join('')
  return { text, names, origin: (position) => originOf(pieces, text, position) }
}

function originOf(pieces: readonly Piece[], text: string, position: number): number | undefined {
  // The server counts characters, JavaScript counts UTF-16 units.
  let offset = 0
  for (let counted = 1; counted < position && offset < text.length; counted++)
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  let from = 0
  for (const piece of pieces) {
    const to = from + piece.text.length
    if (offset < to || (offset === text.length && to === text.length && piece.start !== undefined)) {
      if (piece.start === undefined) return undefined
      return piece.verbatim ? piece.start + offset - from : piece.start
    }
    from = to
  }
  return undefined
}

/** How the rows of a statement can be fetched. */
export type Lane = 'copy-wrapped' | 'copy-bare' | 'portal'

/** COPY takes queries; a subquery takes queries whose CTEs only read; the rest goes row by row through a portal. */
export function laneOf(sql: string): Lane {
  const words = tokenizeSql(sql, lexis.postgres)
    .map((token) => (token.type === 'text' ? token.text : ' '))
    .join('')
    .toLowerCase()
  const first = /^[\s(]*([a-z]+)/.exec(words)?.[1]
  if (first === 'select' || first === 'values' || first === 'table')
    return /\binto\b/.test(words) ? 'portal' : 'copy-wrapped'
  if (first === 'with') return /\b(insert|update|delete|merge|into)\b/.test(words) ? 'copy-bare' : 'copy-wrapped'
  return 'portal'
}
