import { type AppError, type ErrorReport, toAppError } from '../../../../shared/errors.ts'
import { DocumentError } from '../../../../shared/pipeline/problems.ts'
import type { Terminal } from './terminal.ts'
import { printable } from './text.ts'
import { formatPlace } from './words.ts'

/** Prints one problem: what happened, where, what to do, and its code. */
export function printReport(to: Terminal, report: ErrorReport, file?: string): void {
  const field = (name: string, text: string) => to.line(`  ${to.style('dim', name.padEnd(5))} ${text}`)
  to.line(`${to.style('red', 'error:')} ${printable(report.message, { lines: true })}`)
  const place = formatPlace(report.at ?? {}, file)
  if (place !== '') field('at', printable(place))
  if (report.hint !== undefined) field('hint', printable(report.hint, { lines: true }))
  field('code', report.code + (report.sqlState === undefined ? '' : ` (SQLSTATE ${report.sqlState})`))
}

/** The problems an error stands for, as plain data. */
export function reportsOf(error: AppError): readonly ErrorReport[] {
  return error instanceof DocumentError ? error.problems : [error.toJSON()]
}

/**
 * The exit code for an error that kept a command from starting: 2 when the document or the command line is at fault,
 * 130 when it was stopped, else 1.
 */
export function exitCodeOf(thrown: unknown): number {
  const { code } = toAppError(thrown)
  if (code === 'RUN_CANCELLED') return 130
  return /^(?:DOC|GRAPH|CONFIG|RUN)_|^CONNECTION_(?:UNKNOWN|INVALID)$|^FILE_MISSING$/.test(code) ? 2 : 1
}
