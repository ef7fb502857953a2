import { AppError, type ErrorCode } from '../../../shared/errors.ts'
import { classify } from './error-codes.ts'
import { mapError, sentence, serverError } from './errors.ts'
import type { Link } from './link.ts'
import { type Ok, ServerError } from './packets.ts'

const rowNumber = /at row (\d+)/

/**
 * LOAD DATA LOCAL skips or bends rows that it cannot take, and only warns: for us each warning is a refusal.
 * @param before rows loaded by earlier statements, for the number of the row
 */
export async function checkLoaded(session: Link, ok: Ok, before: number): Promise<number> {
  const counts = /Records: (\d+) .*Skipped: (\d+)/.exec(ok.info)
  if (ok.warnings === 0 && counts?.[2] === '0') return Number(counts[1])
  const [first] = await session.script('show warnings limit 1')
  throw refusal(new ServerError(Number(first?.[1] ?? 0), '', first?.[2] ?? 'The server left rows out.'), before)
}

/** An error of the data, told with the number of the row among all that arrive. */
export function refusal(server: ServerError, before: number): AppError {
  const { code } = classify(server)
  const known: ErrorCode = code === 'QUERY_FAILED' ? 'DATA_TYPE' : code
  const message = sentence(server).replace(rowNumber, (_, row: string) => `at row ${Number(row) + before}`)
  return new AppError(known, message, {
    hint: 'Mend or leave out the rows that the table refuses, or let the load set refused rows aside.',
    cause: server,
  })
}

/** The error of a failed INSERT, with the number of the row among all that arrive. */
export function insertError(error: unknown, before: number): unknown {
  const server = serverError(error)
  return server && isOfData(mapError(server).code) ? refusal(server, before) : error
}

export const isOfData = (code: ErrorCode) => code.startsWith('DATA_')

/** Why the data was refused; undefined when something else is wrong. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof AppError) || !isOfData(error.code)) return undefined
  return error.message.replace(/ at row \d+/, '')
}
