import { readFileSync } from 'node:fs'
import { AppError } from '../../../shared/errors.ts'
import { openWorkspace, type Workspace } from '../../services/workspace.ts'
import { printError } from './output/errors.ts'
import { type Terminal, terminal } from './output/terminal.ts'

/** What a command works with. */
export interface CliContext {
  cwd: string
  env: NodeJS.ProcessEnv
  /** Results. */
  out: Terminal
  /** Everything said about them. */
  err: Terminal
  debug: boolean
  /** Aborted by the first Ctrl-C; the second one ends the process. */
  signal: AbortSignal
  /** Aborted when whoever read stdout went away, as `head` does. */
  readerGone: AbortSignal
  /** The workspace, opened at the first call and closed when the command ends. */
  workspace(): Workspace
  /** Prints an error with every secret that was used masked. */
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
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (stream === process.stdout) gone.abort()
    })
  }
  return {
    cwd: process.cwd(),
    env: process.env,
    out: terminal(process.stdout, process.env),
    err,
    debug,
    signal: stop.signal,
    readerGone: gone.signal,
    workspace: () => {
      workspace ??= openWorkspace({ env: process.env })
      return workspace
    },
    complain: (thrown, file) => {
      const safe = debug ? thrown : masked(thrown, workspace)
      printError(err, safe, { debug, ...(file === undefined ? {} : { file }) })
    },
    close: async () => workspace?.close(),
  }
}

/** The same error with known secrets masked; errors of drivers may quote what they were given. */
function masked(thrown: unknown, workspace: Workspace | undefined): unknown {
  if (workspace === undefined || !(thrown instanceof AppError) || thrown.constructor !== AppError) return thrown
  const { code, message, ...rest } = workspace.redactor.redact(thrown.toJSON())
  return new AppError(code, message, rest)
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
