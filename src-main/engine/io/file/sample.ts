import { createReadStream } from 'node:fs'
import { AppError } from '../../../../shared/errors.ts'
import { deniedFile } from './failures.ts'
import { unpacker } from './packed.ts'
import { missingFile, shortPath } from './paths.ts'

const sampleBytes = 64 * 1024

/**
 * The first 64 KiB of a file as text, unpacked, without a byte order mark.
 * @throws AppError FILE_MISSING, FILE_DENIED, FILE_FORMAT when it is not compressed as its name says, or not text
 */
export async function readSample(file: string, encoding: string, folder: string): Promise<string> {
  const bytes = await firstBytes(file, folder)
  if (encoding !== 'utf-16' && bytes.includes(0)) {
    throw new AppError('FILE_FORMAT', `${shortPath(file, folder)} is not text: there are NUL bytes in it.`, {
      hint: 'Set "format" to what the file is; or "encoding", where it is text in utf-16.',
      at: { field: 'path' },
    })
  }
  return new TextDecoder(encoding === 'latin-1' ? 'latin1' : encoding)
    .decode(bytes, { stream: true })
    .replace(/^\uFEFF/, '')
}

/** The first 64 KiB, unpacked. @throws AppError as `readSample` */
export async function firstBytes(file: string, folder: string): Promise<Buffer> {
  const source = createReadStream(file)
  const unpack = unpacker(file)
  if (unpack) {
    source.on('error', (error) => unpack.destroy(error))
    source.pipe(unpack)
  }
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of unpack ?? source) {
      if (!Buffer.isBuffer(chunk)) continue
      chunks.push(chunk)
      length += chunk.length
      if (length >= sampleBytes) break
    }
  } catch (cause) {
    throw readFailure(cause, file, folder)
  } finally {
    source.destroy()
    unpack?.destroy()
  }
  return Buffer.concat(chunks).subarray(0, sampleBytes)
}

function readFailure(cause: unknown, file: string, folder: string): AppError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  const name = shortPath(file, folder)
  if (code === 'ENOENT') return missingFile(file, folder)
  if (code === 'EACCES' || code === 'EPERM') return deniedFile(name)
  return new AppError('FILE_FORMAT', `${name} is not compressed as its name says, or it is damaged.`, {
    at: { field: 'path' },
    cause,
  })
}

export interface CsvShape {
  delimiter: string
  /** Blank lines before the first line with something on it. */
  blankLines: number
  /** Records of the sample, complete ones only unless there is but one; the first may be the header. */
  records: string[][]
  /** Lines end in more than one way, which only the lenient reader takes. */
  mixedNewlines: boolean
}

/** What the start of a CSV file looks like. `delimiter` absent: the one that cuts the lines most evenly. */
export function csvShape(
  sample: string,
  options: { delimiter: string | undefined; quote: string; escape: string; comment: string | undefined; skip: number },
): CsvShape {
  // Old files of a Mac end their lines in \r alone.
  const end = bare(sample).includes('\n') ? '\n' : '\r'
  let text = sample
  for (let line = 0; line < options.skip; line++) text = afterLine(text, end)
  let blankLines = 0
  while (/^[^\S\r\n]*(\r\n|\n|\r)/.exec(text)?.[1]?.endsWith(end)) {
    text = afterLine(text, end)
    blankLines++
  }
  const cut = (delimiter: string, most?: number) => {
    const records = splitRecords(text, delimiter, end, options, most)
    return options.comment === undefined
      ? records
      : records.filter((record) => !record[0]?.startsWith(options.comment ?? ''))
  }
  const delimiter = options.delimiter ?? bestDelimiter(cut)
  const lines = bare(text)
  const mixedNewlines = /\r\n/.test(lines) && /(?<!\r)\n/.test(lines)
  return { delimiter, blankLines, records: cut(delimiter), mixedNewlines }
}

/** Without what stands in quotes. */
const bare = (text: string) => text.replace(/"[^"]*"/g, '')

function afterLine(text: string, end: string): string {
  const at = text.indexOf(end)
  return at < 0 ? '' : text.slice(at + 1)
}

/** Judged by how many of the first lines have as many fields as the first; more fields win among equals. */
function bestDelimiter(cut: (delimiter: string, most: number) => string[][]): string {
  let best = { delimiter: ',', score: 0, width: 1 }
  for (const delimiter of [',', ';', '\t', '|']) {
    const records = cut(delimiter, 100)
    const width = records[0]?.length ?? 1
    if (width < 2) continue
    const score = records.filter((record) => record.length === width).length / records.length
    if (score > best.score || (score === best.score && width > best.width)) best = { delimiter, score, width }
  }
  return best.delimiter
}

/** Cuts a sample into records, no more than `most`; its last one is left out when it may be incomplete. */
function splitRecords(
  text: string,
  delimiter: string,
  end: string,
  { quote, escape: escaper }: { quote: string; escape: string },
  most = Number.POSITIVE_INFINITY,
): string[][] {
  const records: string[][] = []
  let record: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    if (records.length >= most) return records
    const char = text[at] ?? ''
    if (quoted) {
      if (char === escaper && text[at + 1] === quote) field += text[++at] ?? ''
      else if (char === quote) quoted = false
      else field += char
    } else if (char === quote && quote !== '' && field === '') quoted = true
    else if (text.startsWith(delimiter, at)) {
      record.push(field)
      field = ''
      at += delimiter.length - 1
    } else if (char === end) {
      record.push(field.replace(/\r$/, ''))
      if (record.length > 1 || record[0] !== '') records.push(record)
      record = []
      field = ''
    } else field += char
  }
  if ((field !== '' || record.length > 0) && (records.length === 0 || text.length < sampleBytes / 4)) {
    records.push([...record, field.replace(/\r$/, '')])
  }
  return records
}
