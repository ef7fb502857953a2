/** How a dialect writes strings, identifiers and comments, as far as finding `:name` needs it. */
export interface Lexis {
  /** `$tag$ … $tag$` strings and `E'…\'…'` escapes. */
  dollarQuotes: boolean
  /** Backslash escapes inside plain quotes. */
  backslashes: boolean
  /** Block comments nest. */
  nestedComments: boolean
  /** `#` starts a comment. */
  hashComments: boolean
}

export const lexis: Record<'sqlite' | 'postgres' | 'mysql' | 'duckdb', Lexis> = {
  sqlite: { dollarQuotes: false, backslashes: false, nestedComments: false, hashComments: false },
  postgres: { dollarQuotes: true, backslashes: false, nestedComments: true, hashComments: false },
  mysql: { dollarQuotes: false, backslashes: true, nestedComments: false, hashComments: true },
  duckdb: { dollarQuotes: true, backslashes: false, nestedComments: true, hashComments: false },
}

/** Whose SQL it is: a database's, or the embedded engine's. */
export type SqlDialect = keyof typeof lexis

export type SqlToken =
  | { type: 'text'; text: string; start: number }
  | { type: 'placeholder'; name: string; text: string; start: number }
  /** A string, quoted identifier or comment: never looked into. */
  | { type: 'opaque'; text: string; start: number }
  | { type: 'semicolon'; text: string; start: number }

const identifierStart = /[A-Za-z_]/
const identifier = /[A-Za-z_][A-Za-z0-9_]*/y

/** Cuts SQL into plain text, opaque stretches, `:name` placeholders and statement ends. Joining the texts gives the SQL back. */
export function tokenizeSql(sql: string, rules: Lexis): SqlToken[] {
  const tokens: SqlToken[] = []
  let plainFrom = 0
  let at = 0
  const flush = () => {
    if (at > plainFrom) tokens.push({ type: 'text', text: sql.slice(plainFrom, at), start: plainFrom })
  }
  const take = (end: number, make: (text: string) => SqlToken) => {
    flush()
    tokens.push(make(sql.slice(at, end)))
    at = end
    plainFrom = end
  }
  while (at < sql.length) {
    const opaque = opaqueEnd(sql, at, rules)
    const start = at
    if (opaque > at) take(opaque, (text) => ({ type: 'opaque', text, start }))
    else if (sql[at] === ';') take(at + 1, (text) => ({ type: 'semicolon', text, start }))
    else if (sql[at] === ':' && sql[at + 1] === ':') at += 2
    else if (
      sql[at] === ':' &&
      identifierStart.test(sql[at + 1] ?? '') &&
      !/[\w)\]\u0080-\uffff]/.test(sql[at - 1] ?? ' ')
    ) {
      identifier.lastIndex = at + 1
      const name = identifier.exec(sql)?.[0] ?? ''
      take(at + 1 + name.length, (text) => ({ type: 'placeholder', name, text, start }))
    } else at++
  }
  flush()
  return tokens
}

/** The end of the string, quoted identifier or comment that starts at `at`; `at` itself when none does. */
function opaqueEnd(sql: string, at: number, rules: Lexis): number {
  const char = sql[at]
  if (char === "'") return quotedEnd(sql, at, "'", rules.backslashes || (rules.dollarQuotes && isEscapeString(sql, at)))
  if (char === '"') return quotedEnd(sql, at, '"', rules.backslashes)
  if (char === '`') return quotedEnd(sql, at, '`', false)
  if (char === '-' && sql[at + 1] === '-') return lineEnd(sql, at)
  if (char === '#' && rules.hashComments) return lineEnd(sql, at)
  if (char === '/' && sql[at + 1] === '*') return commentEnd(sql, at, rules.nestedComments)
  if (char === '$' && rules.dollarQuotes && !/[\w$\u0080-\uffff]/.test(sql[at - 1] ?? ' ')) return dollarEnd(sql, at)
  return at
}

const isEscapeString = (sql: string, quote: number) =>
  /[eE]/.test(sql[quote - 1] ?? '') && !/[\w\u0080-\uffff]/.test(sql[quote - 2] ?? ' ')

function quotedEnd(sql: string, at: number, quote: string, backslashes: boolean): number {
  for (let index = at + 1; index < sql.length; index++) {
    if (backslashes && sql[index] === '\\') index++
    else if (sql[index] === quote) {
      if (sql[index + 1] !== quote) return index + 1
      index++
    }
  }
  return sql.length
}

function lineEnd(sql: string, at: number): number {
  const end = sql.indexOf('\n', at)
  return end < 0 ? sql.length : end
}

function commentEnd(sql: string, at: number, nested: boolean): number {
  let depth = 1
  for (let index = at + 2; index < sql.length; index++) {
    if (sql[index] === '*' && sql[index + 1] === '/') {
      depth--
      index++
      if (depth === 0) return index + 1
    } else if (nested && sql[index] === '/' && sql[index + 1] === '*') {
      depth++
      index++
    }
  }
  return sql.length
}

function dollarEnd(sql: string, at: number): number {
  const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 66))?.[0]
  if (!tag) return at
  const end = sql.indexOf(tag, at + tag.length)
  return end < 0 ? sql.length : end + tag.length
}

/** Names of the placeholders in order of first use. */
export function placeholderNames(sql: string, rules: Lexis): string[] {
  const names = tokenizeSql(sql, rules).flatMap((token) => (token.type === 'placeholder' ? [token.name] : []))
  return [...new Set(names)]
}

/** Rewrites every placeholder with what `render` gives for its name and its position among all placeholders (0-based). */
export function replacePlaceholders(
  sql: string,
  rules: Lexis,
  render: (name: string, index: number) => string,
): string {
  let index = 0
  return tokenizeSql(sql, rules)
    .map((token) => (token.type === 'placeholder' ? render(token.name, index++) : token.text))
    .join('')
}

/** Splits SQL into its statements, without the semicolons; stretches of nothing but space and comments are dropped. */
export function splitStatements(sql: string, rules: Lexis): { sql: string; start: number }[] {
  const statements: { sql: string; start: number; empty: boolean }[] = [{ sql: '', start: 0, empty: true }]
  for (const token of tokenizeSql(sql, rules)) {
    const current = statements[statements.length - 1]
    if (current === undefined) break
    if (token.type === 'semicolon') statements.push({ sql: '', start: token.start + 1, empty: true })
    else {
      current.sql += token.text
      const comment = token.type === 'opaque' && /^(--|#|\/\*)/.test(token.text)
      if (!comment && token.text.trim() !== '') current.empty = false
    }
  }
  return statements.filter((statement) => !statement.empty).map(({ sql: text, start }) => ({ sql: text, start }))
}

/** The statement with its comments replaced by spaces, for looking at its first words. */
export function withoutComments(sql: string, rules: Lexis): string {
  const isComment = (text: string) => /^(--|#|\/\*)/.test(text)
  return tokenizeSql(sql, rules)
    .map((token) => (token.type === 'opaque' && isComment(token.text) ? ' ' : token.text))
    .join('')
}
