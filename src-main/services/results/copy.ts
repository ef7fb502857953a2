import type { z } from 'zod'
import type { CellText, CopyPiece, copyInput } from '../../../shared/contract/results.ts'
import { AppError } from '../../../shared/errors.ts'
import { pickColumns } from '../../engine/index.ts'
import type { ApiContext } from '../api/context.ts'
import { textsOf } from './cells.ts'
import { copyPieces } from './copy-text.ts'
import { liveSample, viewQuery, withResults } from './read.ts'

type CopyInput = z.output<typeof copyInput>

/** Rows read at a time. More take longer to be looked up in a sorted order, and leave more behind for the process to hold on to. */
const together = 2_000
/** Characters of a copy; a clipboard takes no more with ease. */
const maxText = 64 * 2 ** 20

/**
 * Rows as text for the clipboard, in pieces.
 * @throws AppError CONFIG_COLUMN, CONFIG_INVALID, FILE_MISSING, LIMIT_SIZE when they are too much for a clipboard
 */
export async function* copyRows(
  context: ApiContext,
  input: CopyInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<CopyPiece> {
  const { source, offset, limit } = input
  const sample = await liveSample(context, source)
  const known = sample?.columns ?? (await withResults(context, source, async ({ output }) => output.columns))
  const columns = pickColumns(known, input.columns)
  const places = columns.map((column) => known.indexOf(column))
  if (!sample) return yield* copyPieces(columns, wholeTexts(context, input, places, signal), input)
  const rows = textsOf(sample.rows.slice(offset, offset + limit), known)
  yield* copyPieces(columns, [rows.map((row) => places.map((place) => row[place] ?? null))], input)
}

/** Each window is read where the rows are by then: a run may end meanwhile. */
async function* wholeTexts(
  context: ApiContext,
  { source, view, offset, limit }: CopyInput,
  places: readonly number[],
  signal: AbortSignal | undefined,
): AsyncGenerator<CellText[][]> {
  let length = 0
  for (let at = offset; at < offset + limit; at += together) {
    const size = Math.min(together, offset + limit - at)
    const texts = await withResults(context, source, async (results) => {
      const query = { ...(await viewQuery(results, view)), offset: at, limit: size }
      const { rows, columns } = await results.shown(query, { columns: places, signal })
      return textsOf(rows, columns)
    })
    length += texts.reduce((sum, row) => row.reduce((cells, text) => cells + (text?.length ?? 0), sum), 0)
    if (length > maxText) {
      throw new AppError('LIMIT_SIZE', 'The rows are too much text for the clipboard.', {
        hint: 'Copy fewer rows or columns, or export to a file.',
      })
    }
    yield texts
    if (texts.length < size) return
  }
}
