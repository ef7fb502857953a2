import { readFileSync } from 'node:fs'
import { AppError, type ErrorReport, toAppError } from '../../../shared/errors.ts'
import { DocumentError } from '../../../shared/pipeline/problems.ts'
import { openWorkspace, type Workspace } from '../../services/workspace.ts'
import { printReport } from './output/errors.ts'
import { type Terminal, terminal } from './output/terminal.ts'

/** What a command works with. */
export interface CliContext {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Results. */
  out: Terminal
  /** Everything said about them. */
  err: Terminal
  /** Aborted by the first Ctrl-C; the second one ends the process. */
  signal: AbortSignal
  /** Aborted when whoever read stdout went away, as `head` does. */
  readerGone: AbortSignal
  /** The workspace, opened at the first call and closed when the command ends. */
  workspace(): Workspace
  /** An error as plain data, with every secret that was used masked. */
  report(thrown: unknown): ErrorReport
  /** Prints an error, masked likewise. */
  complain(thrown: unknown, file?: string): void
  close(): Promise<void>
}

export function createContext(): CliContext {
  const stop = new AbortController()
  const gone = new AbortController()
  const err = terminal(process.stderr, process.env)
  const debug = Boolean(process.env.SLUICE_DEBUG)
  let workspace: Workspace | undefined
  const interrupted = () => {
    if (stop.signal.aborted) process.exit(130)
    err.line('Stopping … (once more ends at once)')
    stop.abort()
  }
  process.on('SIGINT', interrupted)
  process.on('SIGTERM', interrupted)
  process.on('SIGHUP', interrupted)
  const report = (thrown: unknown) => {
    const plain = toAppError(thrown).toJSON()
    return workspace === undefined ? plain : workspace.redactor.redact(plain)
  }
  const complain = (thrown: unknown, file?: string) => {
    const reports = thrown instanceof DocumentError ? thrown.problems : [report(thrown)]
    for (const one of reports) printReport(err, one, file)
    if (debug) printStack(err, thrown)
  }
  process.on('uncaughtException', (error) => {
    complain(error)
    process.exit(1)
  })
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO: the terminal itself is gone.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw cannotPrint(error)
      if (stream === process.stdout) gone.abort()
    })
  }
  return {
    cwd: process.cwd(),
    env: process.env,
    out: terminal(process.stdout, process.env),
    err,
    signal: stop.signal,
    readerGone: gone.signal,
    workspace: () => {
      workspace ??= openWorkspace({ env: process.env })
      return workspace
    },
    report,
    complain,
    close: async () => workspace?.close(),
  }
}

function cannotPrint(cause: NodeJS.ErrnoException): AppError {
  if (cause.code !== 'ENOSPC')
    return new AppError('FILE_WRITE', `What is printed is not taken: ${cause.message}.`, { cause })
  return new AppError('LIMIT_DISK', 'The disk that takes what is printed is full: it does not hold all.', {
    hint: 'Free some space and run again.',
    cause,
  })
}

/** For those who mend Sluice: the stack, and what caused it. */
function printStack(to: Terminal, thrown: unknown): void {
  for (let at = thrown; at instanceof Error; at = at.cause) to.line(at.stack ?? String(at))
}

/** All of stdin as text. */
export function readStdin(): string {
  return readFileSync(0, 'utf8')
}

/** Waits until stdout has taken what was written, so that a slow reader slows the writer. */
export async function drained(): Promise<void> {
  if (!process.stdout.writableNeedDrain) return
  await new Promise<void>((resolve) => {
    const done = () => {
      process.stdout.off('drain', done)
      process.stdout.off('error', done)
      process.stdout.off('close', done)
      resolve()
    }
    process.stdout.on('drain', done)
    process.stdout.on('error', done)
    process.stdout.on('close', done)
  })
}
