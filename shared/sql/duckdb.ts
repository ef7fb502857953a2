import { isLoose } from '../data/kinds.ts'
import type { ColumnType } from '../data/types.ts'
import { AppError } from '../errors.ts'
import { lexis, type SqlToken, splitStatements, tokenizeSql } from './placeholders.ts'

/** An identifier, quoted: safe whatever it contains. */
export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`

/** A text literal. */
export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`

/** The name of one file where the engine's readers take a pattern. */
export const filePattern = (file: string) => file.replace(/[[*?]/g, (sign) => `[${sign}]`)

/** The name of one file as its readers take it, a text literal. */
export const quoteFile = (file: string) => quoteText(filePattern(file))

/** The DuckDB type to cast to for a column type. A decimal without precision, or with more than 38 digits, is DECIMAL(38,10). */
export function duckType(type: ColumnType): string {
  switch (type.kind) {
    case 'int16':
      return 'SMALLINT'
    case 'int32':
      return 'INTEGER'
    case 'int64':
      return 'BIGINT'
    case 'float32':
      return 'FLOAT'
    case 'float64':
      return 'DOUBLE'
    case 'text':
      return 'VARCHAR'
    case 'decimal':
      return isLoose(type) ? 'DECIMAL(38,10)' : `DECIMAL(${type.precision},${type.scale ?? 0})`
    case 'enum':
      return `ENUM(${type.values.map(quoteText).join(', ')})`
    case 'list':
      return `${duckType(type.of)}[]`
    default:
      return type.kind.toUpperCase()
  }
}

/**
 * A user's expression, in parentheses that it cannot leave: brackets balance, quotes and comments end, and there is no
 * semicolon and no second expression. Whether it means anything is for the binder to say.
 * @throws AppError QUERY_SYNTAX with the field and the position in it.
 */
export function expression(sql: string, field: string): string {
  checkEnclosed(sql, field, { commas: false })
  return `(${sql}\n)`
}

/**
 * A user's query, without a closing semicolon, safe to stand in parentheses.
 * @throws AppError QUERY_SYNTAX unless it is exactly one SELECT, VALUES, FROM or WITH.
 */
export function singleQuery(sql: string, field: string): string {
  const statements = splitStatements(sql, lexis.duckdb)
  const [first, second] = statements
  if (first === undefined) throw wrong('There is no query.', field, 0)
  if (second !== undefined) throw wrong('Only one query can stand here.', field, second.start)
  checkEnclosed(first.sql, field, { commas: true })
  const word = /^[\s(]*([a-z]*)/i.exec(withoutComments(first.sql))?.[1] ?? ''
  if (!/^(select|values|from|with)$/i.test(word)) {
    throw wrong(`A query starts with SELECT, FROM, VALUES or WITH, not with ${word || 'this'}.`, field, first.start)
  }
  return first.sql
}

function withoutComments(sql: string): string {
  return tokenizeSql(sql, lexis.duckdb)
    .map((token) => (token.type === 'comment' ? ' ' : token.text))
    .join('')
}

function checkEnclosed(sql: string, field: string, allow: { commas: boolean }): void {
  let open: Bracket[] = []
  let empty = true
  // With a newline after it, only a quote or comment that does not end can be last.
  const tokens = tokenizeSql(`${sql}\n`, lexis.duckdb)
  for (const token of tokens) {
    if (token.type === 'end') throw wrong('A semicolon cannot stand here.', field, token.start)
    if (token.type === 'opaque' || token.type === 'comment') checkQuoted(token, token === tokens.at(-1), field)
    if (token.type === 'text') open = checkBrackets(token, open, field, allow)
    if (token.type !== 'comment' && token.text.trim() !== '') empty = false
  }
  const last = open.at(-1)
  if (last) throw wrong(`The ${last.char} is never closed.`, field, last.at)
  if (empty) throw wrong('The expression is empty.', field, 0)
}

interface Bracket {
  char: string
  at: number
}

const closers: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

function checkBrackets(
  token: SqlToken,
  before: readonly Bracket[],
  field: string,
  allow: { commas: boolean },
): Bracket[] {
  const open = [...before]
  for (const hit of token.text.matchAll(/[()[\]{},]/g)) {
    const char = hit[0]
    const at = token.start + hit.index
    const opener = closers[char]
    if (char === ',') {
      if (open.length === 0 && !allow.commas) throw wrong('A comma parts two expressions.', field, at)
    } else if (opener === undefined) open.push({ char, at })
    else if (open.pop()?.char !== opener) throw wrong(`The ${char} closes nothing.`, field, at)
  }
  return open
}

/** A string or comment that never ends would swallow the SQL that follows it. */
function checkQuoted({ text, start }: SqlToken, last: boolean, field: string): void {
  if (text.startsWith('`')) throw wrong('Names are quoted with ", not with `.', field, start)
  if (last) throw wrong(`The ${text.startsWith('/*') ? 'comment' : 'quoted text'} never ends.`, field, start)
}

function wrong(message: string, field: string, position: number): AppError {
  return new AppError('QUERY_SYNTAX', message, { at: { field, position } })
}
