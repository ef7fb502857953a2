import { AppError } from '../../../shared/errors.ts'
import { lexis, tokenizeSql } from '../../../shared/sql/placeholders.ts'

/** Functions that reach files of the server or other databases, wherever their names stand: they may be called from a text. */
const outward = /\b(?:lo_export|lo_import|pg_file_\w+|dblink\w*)\b/i

/** A name in escapes, which may spell any of them. */
const escaped = /\bu&"(?:[^"]|"")*"/i

/**
 * What a READ ONLY transaction does not refuse because it changes no data of this database: files and programs of the server, which
 * superusers reach by COPY, by functions, and by whatever DO hides in its text.
 * @throws AppError QUERY_READ_ONLY
 */
export function refuseOutside(sql: string): void {
  const first = /^[\s(;]*([a-z]+)/i.exec(
    tokenizeSql(sql, lexis.postgres)
      .map((token) => (token.type === 'text' ? token.text : ' '))
      .join(''),
  )?.[1]
  const word = first?.toUpperCase() ?? ''
  const named = word === 'COPY' || word === 'DO' ? word : (outward.exec(sql) ?? escaped.exec(sql))?.[0]
  if (named === undefined) return
  throw new AppError('QUERY_READ_ONLY', `A read-only connection runs queries only, no ${named}.`, {
    hint: 'The connection is marked read-only. Use another connection to write.',
  })
}
