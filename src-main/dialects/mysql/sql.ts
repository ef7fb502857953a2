import { AppError } from '../../../shared/errors.ts'
import { lexis, tokenizeSql } from '../../../shared/sql/placeholders.ts'
import { oneStatement } from '../server/statement.ts'

/** Quotes an identifier. */
export function quote(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** A string as a literal; for names inside our own SQL, never for a user's values. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

/** SQL made from a user's text: what is sent, the name behind each `?`, and the way back for error positions. */
export interface Prepared {
  text: string
  names: string[]
  /** Offset in the user's text of what the server quotes from a line (1-based, 0 for any); undefined when it is not certain. */
  origin(near: string, line: number): number | undefined
}

interface Piece {
  text: string
  /** Offset in the user's text. */
  start: number
  verbatim: boolean
}

/**
 * One statement, its placeholders rendered by `render`.
 * @throws AppError QUERY_SYNTAX when the text holds no statement, or several.
 */
export function prepareSql(sql: string, render: (name: string) => string = () => '?'): Prepared {
  const statement = oneStatement(sql, 'mysql')
  const names: string[] = []
  const pieces: Piece[] = tokenizeSql(statement.sql, lexis.mysql).map((token) => {
    const start = statement.start + token.start
    if (token.type !== 'placeholder') return { text: token.text, start, verbatim: true }
    names.push(token.name)
    return { text: render(token.name), start, verbatim: false }
  })
  const text = pieces.map((piece) => piece.text).join('')
  return { text, names, origin: (near, line) => originOf(pieces, text, near, line) }
}

function originOf(pieces: readonly Piece[], text: string, near: string, line: number): number | undefined {
  let from = 0
  for (let skipped = 1; skipped < line; skipped++) from = text.indexOf('\n', from) + 1
  const offset = near === '' ? text.trimEnd().length : text.indexOf(near, from)
  // What stands there twice may be meant at either place, unless it goes on to the end.
  const certain = offset >= 0 && (text.indexOf(near, offset + 1) < 0 || text.endsWith(near))
  if (!certain) return undefined
  let at = 0
  for (const piece of pieces) {
    const end = at + piece.text.length
    if (offset < end || end === text.length) return piece.verbatim ? piece.start + offset - at : piece.start
    at = end
  }
  return undefined
}

/** The statement in lower case with strings, quoted names and comments blanked. */
function words(sql: string): string {
  return tokenizeSql(sql, lexis.mysql)
    .map((token) => (token.type === 'text' ? token.text : ' '))
    .join('')
    .trim()
    .toLowerCase()
}

/** Comments that the server runs: `/*! … *\/` and MariaDB's `/*M! … *\/`. */
function runsComments(sql: string): boolean {
  return tokenizeSql(sql, lexis.mysql).some(({ type }) => type === 'mark')
}

const firstWord = (text: string) => /^[\s(]*([a-z]+)/.exec(text)?.[1] ?? ''

const reads = new Set(['select', 'with', 'values', 'table', 'show', 'describe', 'desc', 'explain'])
const changes = new Set(['insert', 'update', 'delete', 'replace'])

/** Whether the statement may return rows. */
export function mayReturnRows(sql: string): boolean {
  const text = words(sql)
  return reads.has(firstWord(text)) || /^(analyze|check|checksum|call|execute|help)\b|\breturning\b/.test(text)
}

/** Whether the statement may return rows that the server describes only when it runs. */
export const describesLate = (sql: string) =>
  /^(call|execute)\b|^(insert|delete|replace)\b.*\breturning\b/s.test(words(sql))

/** Whether a query has an order, which MySQL forgets once the query stands inside another. */
export const isOrdered = (sql: string) => /\border\s+by\b/.test(words(sql))

/**
 * Whether the statement may commit what was done before it: DDL, locks, settings, procedures and whatever is not known to do
 * otherwise (https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html).
 */
export function commitsItself(sql: string): boolean {
  if (runsComments(sql)) return true
  const text = words(sql)
  const first = firstWord(text)
  if (reads.has(first) || changes.has(first)) return false
  if (/^(create|drop)\s+temporary\s+table\b/.test(text)) return false
  return !/^(do|load\s+data|savepoint|set\s+@\w|release\s+savepoint|rollback\s+to)\b/.test(text)
}

/**
 * What a read-only session must not even send: whatever could end its transaction or leave its settings changed, and files
 * written by the server, which transactions know nothing of. Everything else the READ ONLY transaction refuses by itself.
 * @throws AppError QUERY_READ_ONLY
 */
export function refuseEscape(sql: string): void {
  const text = words(sql)
  const first = firstWord(text)
  const known = reads.has(first) || changes.has(first) || /^analyze\s+(format\s*=\s*\S+\s+)?(select|with)\b/.test(text)
  const refused = !known
    ? first.toUpperCase()
    : runsComments(sql)
      ? 'comments that the server runs (/*! … */)'
      : /\binto\s+(outfile|dumpfile)\b/.exec(text)?.[0].toUpperCase()
  if (refused === undefined) return
  throw new AppError(
    'QUERY_READ_ONLY',
    `A read-only connection runs queries only${refused === '' ? '' : `, no ${refused}`}.`,
    {
      hint: 'The connection is marked read-only. Use another connection to write.',
    },
  )
}
