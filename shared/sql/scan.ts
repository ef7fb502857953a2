/** How a dialect writes strings, identifiers, comments and blocks. */
export interface Lexis {
  /** `$tag$ … $tag$` strings and `E'…\'…'` escapes. */
  dollarQuotes: boolean
  /** Backslash escapes inside plain quotes. */
  backslashes: boolean
  /** Block comments nest. */
  nestedComments: boolean
  /** `#` starts a comment, and `--` only with a space behind it. */
  hashComments: boolean
  /** The server runs what is in `/*! … *\/` and `/*M! … *\/`. */
  runComments: boolean
  /** A line `DELIMITER //` before a statement lets `//` end statements as well, as the command line of the database does. */
  delimiters: boolean
  /** `[name]`. */
  brackets: boolean
  /** Statements whose body holds semicolons: see Blocks. */
  blocks: 'none' | 'triggers' | 'atomic' | 'procedures'
}

/** The end of the string or quoted identifier that starts at `at`; `at` itself when none does. */
export function quotedEnd(sql: string, at: number, rules: Lexis): number {
  const char = sql[at]
  if (char === "'") return closedEnd(sql, at, "'", rules.backslashes || (rules.dollarQuotes && isEscapeString(sql, at)))
  if (char === '"') return closedEnd(sql, at, '"', rules.backslashes)
  if (char === '`') return closedEnd(sql, at, '`', false)
  if (char === '[' && rules.brackets) return indexOrEnd(sql, ']', at, 1)
  if (char === '$' && rules.dollarQuotes && !/[\w$\u0080-\uffff]/.test(sql[at - 1] ?? ' ')) return dollarEnd(sql, at)
  return at
}

const isEscapeString = (sql: string, quote: number) =>
  /[eE]/.test(sql[quote - 1] ?? '') && !/[\w\u0080-\uffff]/.test(sql[quote - 2] ?? ' ')

function closedEnd(sql: string, at: number, quote: string, backslashes: boolean): number {
  for (let index = at + 1; index < sql.length; index++) {
    if (backslashes && sql[index] === '\\') index++
    else if (sql[index] === quote) {
      if (sql[index + 1] !== quote) return index + 1
      index++
    }
  }
  return sql.length
}

function dollarEnd(sql: string, at: number): number {
  const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(sql.slice(at, at + 66))?.[0]
  return tag ? indexOrEnd(sql, tag, at + tag.length, tag.length) : at
}

/** The end of the comment that starts at `at`; `at` itself when none does. */
export function commentEnd(sql: string, at: number, rules: Lexis): number {
  const char = sql[at]
  if (char === '-' && sql[at + 1] === '-') {
    // Without the space it is `5 - -1` there.
    return rules.hashComments && !/^[\s\p{Cc}]?$/u.test(sql.slice(at + 2, at + 3)) ? at : indexOrEnd(sql, '\n', at, 0)
  }
  if (char === '#' && rules.hashComments) return indexOrEnd(sql, '\n', at, 0)
  if (char === '/' && sql[at + 1] === '*') return blockCommentEnd(sql, at, rules.nestedComments)
  return at
}

function blockCommentEnd(sql: string, at: number, nested: boolean): number {
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

const runMark = /\/\*M?!\d*/y

/** The end of `/*!50000`, behind which the server runs what is in a comment; `at` itself when it does not stand there. */
export function runMarkEnd(sql: string, at: number, rules: Lexis): number {
  if (!rules.runComments || sql[at] !== '/') return at
  runMark.lastIndex = at
  return runMark.test(sql) ? runMark.lastIndex : at
}

const delimiterLine = /delimiter[ \t]+(\S+)[^\r\n]*/iy

/** The line `DELIMITER //` at `at`. */
export function delimiterAt(sql: string, at: number, rules: Lexis): { delimiter: string; end: number } | undefined {
  if (!rules.delimiters) return undefined
  delimiterLine.lastIndex = at
  const delimiter = delimiterLine.exec(sql)?.[1]
  return delimiter === undefined ? undefined : { delimiter, end: delimiterLine.lastIndex }
}

function indexOrEnd(sql: string, text: string, from: number, length: number): number {
  const found = sql.indexOf(text, from)
  return found < 0 ? sql.length : found + length
}
