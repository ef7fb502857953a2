import type { SqlLanguage } from 'sql-formatter'
import { AppError } from '../../shared/errors.ts'
import { lexis, type SqlDialect, tokenizeSql } from '../../shared/sql/placeholders.ts'
import type { TextRange } from './caret.ts'

const languages: Record<SqlDialect, SqlLanguage> = {
  postgres: 'postgresql',
  sqlite: 'sqlite',
  mysql: 'mysql',
  duckdb: 'duckdb',
}

/**
 * A part of a text of SQL, laid out anew.
 * @throws AppError QUERY_SYNTAX with its place in the text, when it cannot be read or would be read differently then
 */
export async function layOut(text: string, { from, to }: TextRange, dialect: SqlDialect): Promise<string> {
  const { format } = await import('sql-formatter')
  const part = text.slice(from, to)
  let laid: string
  try {
    laid = format(part, {
      language: languages[dialect],
      keywordCase: 'preserve',
      tabWidth: 2,
      paramTypes: { named: [':'] },
    })
  } catch (error) {
    throw unreadable(error, text, from)
  }
  if (wordsOf(laid, dialect) === wordsOf(part, dialect)) return laid
  throw new AppError('QUERY_SYNTAX', 'The SQL is left as it is: laid out, it would be read differently.', {
    hint: 'Select one statement and lay it out by itself.',
  })
}

/** The formatter tells the place in its message, and much that only its makers can read. */
function unreadable(thrown: unknown, text: string, from: number): AppError {
  const place = /at line (\d+) column (\d+)/.exec(thrown instanceof Error ? thrown.message : '')
  if (!place) return new AppError('QUERY_SYNTAX', 'SQL that cannot be read is not laid out.', { cause: thrown })
  const lines = text.slice(from).split('\n')
  const above = lines.slice(0, Number(place[1]) - 1).reduce((sum, line) => sum + line.length + 1, 0)
  const position = from + above + Number(place[2]) - 1
  const before = text.slice(0, position).split('\n')
  const near = text.slice(position).trimStart().split('\n')[0]?.slice(0, 20).trimEnd() ?? ''
  const where = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  return new AppError(
    'QUERY_SYNTAX',
    `SQL that cannot be read is not laid out: ${where}, ${near === '' ? 'at the end' : `near ${near}`}.`,
    { cause: thrown, at: { position } },
  )
}

/** All that counts in the SQL, without the space between. */
function wordsOf(sql: string, dialect: SqlDialect): string {
  const tokens = tokenizeSql(sql, lexis[dialect]).map(({ type, text }): [string, string] => [
    type,
    type === 'text' || type === 'comment' ? text.replaceAll(/\s/g, '') : text,
  ])
  return JSON.stringify(tokens.filter(([, text]) => text !== ''))
}
