import { clip } from '../../../shared/clip.ts'
import { AppError, type ErrorCode, type ErrorFields } from '../../../shared/errors.ts'
import { plainly } from './words.ts'

const codes: [RegExp, ErrorCode][] = [
  [/^Interrupt|INTERRUPT/i, 'RUN_CANCELLED'],
  [/^(Binder|Catalog) Error/, 'CONFIG_COLUMN'],
  [/^(Parser|Syntax) Error/, 'QUERY_SYNTAX'],
  [/No space left|disk quota|max_temp_directory_size/i, 'LIMIT_DISK'],
  [/^Out of Memory Error/, 'LIMIT_MEMORY'],
  [/Could not write|Could not (?:create|open) .*for writing/i, 'FILE_WRITE'],
  [/No files found that match|No such file/i, 'FILE_MISSING'],
  [/^Permission Error|Permission denied/i, 'FILE_DENIED'],
  [/CSV Error|Malformed JSON in file|not a parquet file|No magic bytes/i, 'FILE_FORMAT'],
  [/^IO Error/, 'FILE_WRITE'],
  [/^Out of Range Error|overflow/i, 'DATA_RANGE'],
  [/^(Conversion|Invalid Input|Mismatch Type|Constraint) Error|Malformed JSON/, 'DATA_TYPE'],
  [/^INTERNAL Error|^FATAL/, 'INTERNAL'],
]

/**
 * The one place where DuckDB's errors become ours. The binder's own words are kept, with its candidates as the hint
 * and the place in the SQL as the position.
 */
export function duckError(thrown: unknown, sql?: string): AppError {
  if (thrown instanceof AppError) return thrown
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  if (/^Maximum line size/m.test(text)) {
    return new AppError('LIMIT_SIZE', 'A row takes more than 16 MB, which is more than the engine takes.', {
      hint: 'Leave its long values out, or read a part of them, e.g. with left or substr.',
      cause: thrown,
    })
  }
  const code = codes.find(([pattern]) => pattern.test(text))?.[1] ?? 'QUERY_FAILED'
  const [head = text, ...rest] = text.split('\n')
  const fields: ErrorFields = { cause: thrown }
  const candidates = rest.find((line) => /^(Candidate|Did you mean)/.test(line))
  if (candidates) fields.hint = candidates.replace(/^Candidate bindings: /, 'Columns that arrive: ')
  if (code === 'LIMIT_MEMORY')
    fields.hint =
      'Raise the memory limit of the run, sort and join fewer columns, or write Parquet with a smaller "rowGroupSize".'
  if (code === 'LIMIT_DISK') fields.hint = 'Free disk space where runs are kept, or lower what is kept.'
  const said = head.replace(/^[A-Z][\w ]* Error: /, '')
  const plain = plainly(said)
  if (plain?.hint !== undefined) fields.hint = plain.hint
  const position = sql === undefined ? undefined : positionIn(sql, rest)
  if (position !== undefined) fields.at = { position }
  return new AppError(code, clip(plain?.message ?? said), fields)
}

/** DuckDB points at the place with a caret under an excerpt of a line. */
function positionIn(sql: string, lines: readonly string[]): number | undefined {
  const at = lines.findIndex((line) => /^LINE \d+: /.test(line))
  const excerpt = lines[at]
  const caret = lines[at + 1]?.indexOf('^') ?? -1
  if (excerpt === undefined || caret < 0) return undefined
  const prefix = /^LINE \d+: (\.\.\.)?/.exec(excerpt)?.[0] ?? ''
  const shown = excerpt.slice(prefix.length).replace(/\.\.\.$/, '')
  const start = sql.indexOf(shown)
  return start < 0 ? undefined : start + caret - prefix.length
}

export const cancelled = () => new AppError('RUN_CANCELLED', 'The run was stopped.')
