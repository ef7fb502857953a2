import { clip } from '../../../shared/clip.ts'
import { AppError, type ErrorCode } from '../../../shared/errors.ts'

interface SqliteFailure {
  message: string
  errcode: number
}

function asFailure(thrown: unknown): SqliteFailure | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined
  return { message: thrown.message, errcode: thrown.errcode }
}

interface Verdict {
  code: ErrorCode
  hint?: string
  retryable?: boolean
}

const SQLITE_CONSTRAINT = 19

/** Primary result codes (https://sqlite.org/rescode.html) that say enough by themselves. */
const byResult: Record<number, Verdict> = {
  3: { code: 'CONNECTION_FILE', hint: 'Check the permissions of the file and of its folder.' },
  5: {
    code: 'CONNECTION_LOCKED',
    hint: 'Another program is writing to this file. Try again when it is done.',
    retryable: true,
  },
  6: { code: 'CONNECTION_LOCKED', hint: 'Another statement on this connection holds the table.', retryable: true },
  7: { code: 'LIMIT_MEMORY' },
  8: { code: 'QUERY_READ_ONLY', hint: 'The connection is read-only, or the file is write-protected.' },
  10: { code: 'CONNECTION_FILE', hint: 'The disk reported an error; check that it is mounted and healthy.' },
  11: {
    code: 'CONNECTION_FILE',
    hint: 'The file is damaged. Restore a copy, or try the .recover command of the sqlite3 shell.',
  },
  13: {
    code: 'LIMIT_DISK',
    hint: 'Free some space on the disk that holds the database and try again.',
    retryable: true,
  },
  14: { code: 'CONNECTION_FILE', hint: 'Check the path and the permissions of the file and of its folder.' },
  17: { code: 'QUERY_CONFLICT', hint: 'The table was changed while it was read. Try again.', retryable: true },
  18: { code: 'LIMIT_SIZE', hint: 'SQLite holds values and statements of up to 1,000,000,000 bytes.' },
  [SQLITE_CONSTRAINT]: {
    code: 'DATA_CONSTRAINT',
    hint: 'Mend or leave out the rows that break the rule; a load can set refused rows aside.',
  },
  20: { code: 'DATA_TYPE' },
  23: { code: 'QUERY_DENIED', hint: 'This statement is not allowed on this connection.' },
  26: { code: 'CONNECTION_FILE', hint: 'The file is not a SQLite database, or it is encrypted.' },
}

/** Messages of SQLITE_ERROR, which covers everything from a missing table to a bad number. */
const byMessage: [RegExp, Verdict][] = [
  [
    /^no such (?:table|view|index|trigger)/,
    { code: 'QUERY_MISSING', hint: 'Check the spelling; names are listed under the connection.' },
  ],
  [
    /^no such (?:column|function|module|collation)|has no column named/,
    { code: 'QUERY_MISSING', hint: 'Check the spelling of the name.' },
  ],
  [
    /^unknown database/,
    {
      code: 'QUERY_MISSING',
      hint: 'A SQLite file has no schemas but main and temp: leave out what stands before the point, or put a name with a point in double quotes.',
    },
  ],
  [
    /because it is a view$/,
    { code: 'QUERY_CONFLICT', hint: 'Load into the table behind the view, or give the view an INSTEAD OF trigger.' },
  ],
  [/^unrecognized token|syntax error|^incomplete input/, { code: 'QUERY_SYNTAX' }],
  [/already exists/, { code: 'QUERY_CONFLICT', hint: 'Choose another name, or drop what has it.' }],
  [/^integer overflow|out of range/, { code: 'DATA_RANGE' }],
  [/^not authorized/, { code: 'QUERY_DENIED' }],
  [/string or blob too big/, { code: 'LIMIT_SIZE' }],
]

/**
 * The one place where SQLite's failures become AppErrors. `sql` is the user's text, for the position of a syntax error.
 */
export function mapError(thrown: unknown, sql?: string): AppError {
  if (thrown instanceof AppError) return thrown
  const failure = asFailure(thrown)
  if (!failure) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new AppError('QUERY_FAILED', clip(message), { cause: thrown })
  }
  const verdict = byResult[failure.errcode & 0xff] ??
    byMessage.find(([pattern]) => pattern.test(failure.message))?.[1] ?? {
      code: 'QUERY_FAILED' as const,
    }
  const position = sql === undefined ? undefined : nearPosition(failure.message, sql)
  return new AppError(verdict.code, `SQLite: ${clip(failure.message)}`, {
    hint: verdict.hint,
    retryable: verdict.retryable,
    at: position === undefined ? {} : { position },
    sqlState: `SQLITE_${failure.errcode}`,
    cause: thrown,
  })
}

/** SQLite quotes what it stumbled over but not where; one occurrence in the text is certain, several are not. */
function nearPosition(message: string, sql: string): number | undefined {
  const word = /^near "(.+)": syntax error|no such (?:column|table|function): (?:\w+\.)?(\S+)/.exec(message)
  const found = word?.[1] ?? word?.[2]
  if (!found) return message.startsWith('incomplete input') ? sql.length : undefined
  const first = sql.indexOf(found)
  return first >= 0 && sql.indexOf(found, first + 1) < 0 ? first : undefined
}
