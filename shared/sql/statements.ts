import {
  lexis,
  placeholderNames,
  type SqlDialect,
  splitStatements,
  tokenizeSql,
  withoutComments,
} from './placeholders.ts'

/** A statement of a longer text. */
export interface SqlStatement {
  sql: string
  /** Where `sql` begins in the text; error positions in `sql` count from here. */
  start: number
  /** Its first and one past its last character that is neither space nor comment. */
  from: number
  to: number
}

/** Statements of a text in order. A trigger or procedure is one statement, with the semicolons of its body. */
export function statementsOf(text: string, dialect: SqlDialect): SqlStatement[] {
  return splitStatements(text, lexis[dialect]).map(({ sql, start }) => ({ sql, start, ...extent(sql, start, dialect) }))
}

/** The statement without strings, quoted names and comments, whose words could be taken for its own. */
export function plain(sql: string, dialect: SqlDialect): string {
  return tokenizeSql(sql, lexis[dialect])
    .map(({ type, text }) => (/^(opaque|comment|mark)$/.test(type) ? ' '.repeat(text.length) : text))
    .join('')
}

function extent(sql: string, start: number, dialect: SqlDialect): { from: number; to: number } {
  let from = sql.length
  let to = 0
  for (const { type, text, start: at } of tokenizeSql(sql, lexis[dialect])) {
    if (type === 'comment' || text.trim() === '') continue
    from = Math.min(from, at + text.length - text.trimStart().length)
    to = Math.max(to, at + text.trimEnd().length)
  }
  return { from: start + from, to: start + to }
}

/** The statement at a place: the one around it, else the last before it, else the first. */
export function statementAt(statements: readonly SqlStatement[], position: number): SqlStatement | undefined {
  const around = statements.find(({ from, to }) => position >= from && position <= to)
  return around ?? statements.findLast(({ to }) => to < position) ?? statements[0]
}

/** Names of the parameters of all statements, in order of first use. */
export const parametersOf = (sql: string, dialect: SqlDialect): string[] => placeholderNames(sql, lexis[dialect])

/** Its first word, in lower case; parentheses and comments before it are passed over. */
export const firstWord = (sql: string, dialect: SqlDialect): string =>
  /^[\s(]*([a-z]+)/i.exec(withoutComments(sql, lexis[dialect]))?.[1]?.toLowerCase() ?? ''

const changes = /\b(insert|update|delete|merge|replace)\b/i

/** Whether the statement only reads rows, so that it can be read as a stream and run again. */
export function isQuery(sql: string, dialect: SqlDialect): boolean {
  const first = firstWord(sql, dialect)
  // Whatever else the embedded engine is given here reads rows, or is refused.
  if (dialect === 'duckdb') return first !== 'explain'
  if (first === 'with') return !changes.test(plain(sql, dialect).replace(/\bfor\s+(no\s+key\s+)?update\b/gi, ''))
  if (first === 'select') return !/\binto\b/i.test(plain(sql, dialect))
  return first === 'values' || first === 'table'
}

const block = /^\s*(?:\w+\s*:\s*)?(?:begin\s+not\s+atomic|if|case|while|loop|repeat|for)\b/i

/** Whether the statement is a block of several, as MariaDB takes them outside of procedures. */
export const isBlock = (sql: string, dialect: SqlDialect): boolean =>
  dialect === 'mysql' && block.test(plain(sql, dialect))

/** Whether the statement may give several results: a procedure of MySQL, or a block. */
export const givesSeveral = (sql: string, dialect: SqlDialect): boolean =>
  dialect === 'mysql' && (/^(call|execute)$/.test(firstWord(sql, dialect)) || isBlock(sql, dialect))

/** Whether the statement makes, alters or drops tables, views, indexes or whatever else a schema holds, or runs code that may. */
export function changesSchema(sql: string, dialect: SqlDialect): boolean {
  // Across databases nothing is changed.
  if (dialect === 'duckdb') return false
  const first = firstWord(sql, dialect)
  if (/^(create|alter|drop|rename|comment|import|call|execute)$/.test(first)) return true
  if (dialect !== 'postgres') return false
  if (first === 'do') return true
  const words = plain(sql, dialect)
  return (first === 'select' || first === 'with') && /\binto\b/i.test(words) && !changes.test(words)
}
