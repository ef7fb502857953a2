import { closeSync, openSync, readSync } from 'node:fs'
import { clip } from '../../../../shared/clip.ts'
import { AppError, type ErrorCode } from '../../../../shared/errors.ts'
import { missingFile, shortPath } from './paths.ts'

/** DuckDB's own words, also when they were mapped on the way. */
export function duckText(thrown: unknown): string {
  const source = thrown instanceof AppError && thrown.cause instanceof Error ? thrown.cause : thrown
  return source instanceof Error ? source.message : String(source)
}

const typeHint = 'Give the column another type in "types", e.g. text, or leave such rows out with "badRows": "skip".'

const dateHint =
  'Say how dates are written with "dateFormat" or "timestampFormat", e.g. %d.%m.%Y, or give the column the type text in "types".'

const hints: [RegExp, string][] = [
  [/Could not convert string ".*" to '(DATE|TIMESTAMP)/, dateHint],
  [/JSON transform error/, 'Give the column another type in "types", e.g. text.'],
  [/Could not convert/, typeHint],
  [/unterminated quote/i, 'A quote is opened and not closed. Check "quote" and "escape", or set "strict" to false.'],
  [/unicode|utf-8/i, 'Set "encoding" to latin-1 or utf-16.'],
  [/Maximum line size|line size/i, 'A line is longer than 16 MiB; is a quote not closed?'],
]

/**
 * What DuckDB's message about reading a file means, with the file and the line; undefined when it is about something else.
 */
export function explainFile(
  thrown: unknown,
  files: readonly string[],
  folder: string,
  lineOf?: (column: string, value: string) => { file: string; line: number } | undefined,
): AppError | undefined {
  const text = duckText(thrown)
  const file = files.find((candidate) => text.includes(candidate))
  const name =
    file === undefined
      ? files.length === 1 && files[0]
        ? shortPath(files[0], folder)
        : 'The files'
      : shortPath(file, folder)
  const fail = (code: ErrorCode, message: string, hint?: string) =>
    new AppError(code, clip(message, 600), {
      at: { field: 'path' },
      cause: thrown,
      ...(hint === undefined ? {} : { hint }),
    })
  const hint = hints.find(([pattern]) => pattern.test(text))?.[1]

  const csv = /CSV Error on Line: (\d+)\n/.exec(text)
  if (csv) {
    const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(text)
    if (counts) {
      const [, expected = '', found = ''] = counts
      const isShort = Number(found) < Number(expected)
      return fail(
        'FILE_FORMAT',
        `${name}, line ${csv[1]}: ${isShort ? '' : 'at least '}${found} ${found === '1' ? 'field' : 'fields'} where ${expected} ${expected === '1' ? 'is' : 'are'} expected.`,
        fieldsHint(isShort, file ?? files[0]),
      )
    }
    const reason = /^(?:Error when|Expected Number|Value with|Invalid unicode|Maximum line)[^\n]*/m.exec(text)?.[0]
    return fail('FILE_FORMAT', `${name}, line ${csv[1]}: ${reason ?? 'the line cannot be read.'}`, hint)
  }
  const json =
    /(Malformed JSON|JSON transform error) in file "[^"]*",? (?:at byte (\d+) )?in (line|record\/value) (\d+): ([^\n]*)/.exec(
      text,
    )
  if (json) {
    // Of lines that are no JSON the reader gives the number of the next one.
    const number = Number(json[4]) - (json[1] === 'Malformed JSON' && json[3] === 'line' ? 1 : 0)
    const at = `${json[3] === 'line' ? 'line' : 'record'} ${number}${json[2] === undefined ? '' : `, byte ${json[2]}`}`
    return fail('FILE_FORMAT', `${name}, ${at}: ${json[5]?.trim()}`, hint)
  }
  if (/maximum_object_size/.test(text)) {
    return fail(
      'FILE_FORMAT',
      `${name}: a record is larger than 16 MiB.`,
      'Keep values this long in files of their own, or use Parquet.',
    )
  }
  const misfit = /Column (.+?) holds "(.*)", which is no ([\w (),]+)\./s.exec(text)
  if (misfit) {
    const [said = '', column = '', value = '', type = ''] = misfit
    const found = lineOf?.(column, value)
    const where = found ? `${shortPath(found.file, folder)}, line ${found.line}` : name
    return fail('FILE_FORMAT', `${where}: ${said}`, /^(date|timestamp)$/.test(type) ? dateHint : typeHint)
  }
  const long = /Column .+? holds ".*", which has more digits than are read exactly\./s.exec(text)
  if (long) {
    const hint = 'Fractions of JSON are read as floats of 15 digits. Write longer ones as texts, in double quotes.'
    return fail('FILE_FORMAT', `${name}: ${long[0]}`, hint)
  }
  const spelled = /Column .+? holds ".*", which is not written like its first values \(\w+\)\./s.exec(text)
  if (spelled) return fail('FILE_FORMAT', `${name}: ${spelled[0]}`, 'Give the column the type text in "types".')
  if (/Parquet file|No magic bytes|parquet/i.test(text) && /IO Error|Invalid Input/.test(text)) {
    return fail('FILE_FORMAT', `${name} is not a Parquet file.`, 'Set "format" to what the file is.')
  }
  if (/not a GZIP stream|GZIP|ZSTD/i.test(text))
    return fail('FILE_FORMAT', `${name} is not compressed as its name says, or it is damaged.`)
  if (/state machine|sniffing file/.test(text)) {
    return fail(
      'FILE_FORMAT',
      `${name} cannot be read as CSV with these settings.`,
      'Check "delimiter", "quote" and "encoding", or set "strict" to false.',
    )
  }
  if (file !== undefined && /No files found|No such file/.test(text)) return missingFile(file, folder)
  if (file !== undefined && /Permission denied/.test(text)) return deniedFile(name)
  return undefined
}

function fieldsHint(isShort: boolean, file: string | undefined): string {
  const out = 'leave such rows out with "badRows": "skip"'
  if (file !== undefined && startsWithHash(file))
    return `The first lines start with #: set "comment": "#", or "skip" to their number; or ${out}.`
  return isShort
    ? `Check the delimiter; fill short rows up with "shortRows": "pad", or ${out}.`
    : `Check the delimiter, "quote" and whether the header is the first line (else set "skip"); or ${out}.`
}

function startsWithHash(file: string): boolean {
  try {
    const handle = openSync(file, 'r')
    try {
      const start = Buffer.alloc(4)
      readSync(handle, start, 0, start.length, 0)
      return start
        .toString()
        .replace(/^\uFEFF/, '')
        .startsWith('#')
    } finally {
      closeSync(handle)
    }
  } catch {
    return false
  }
}

export function deniedFile(name: string): AppError {
  return new AppError('FILE_DENIED', `${name} may not be read by this user.`, {
    hint: 'Give the user who runs the pipeline the right to read it.',
    at: { field: 'path' },
  })
}
