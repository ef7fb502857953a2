import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { AppError, type ErrorReport } from '../../../shared/errors.ts'
import type { Calls, Op, ReadEnd, Reply } from './protocol.ts'

/** The program of a lane: beside this file in the sources, beside the bundle once built. */
function laneEntry(): string {
  const name = import.meta.url.endsWith('.ts') ? './lane.ts' : './sqlite-lane.js'
  return fileURLToPath(new URL(name, import.meta.url))
}

interface Waiting {
  resolve(result: unknown): void
  reject(error: AppError): void
}

export interface LaneEvents {
  rows?(count: number): void
  reject?(row: string, reason: string): void
  failed?(error: AppError): void
}

/** A process that holds one SQLite connection, seen from outside. Ends with `kill`, or when this process ends. */
export class LaneProcess {
  private readonly child: ChildProcess
  private readonly input: Writable
  private readonly output: Readable
  private readonly waiting = new Map<number, Waiting>()
  private lastId = 0
  private end: AppError | undefined
  private cancelled = false
  private readonly ended: Promise<void>
  private room = () => {}
  events: LaneEvents = {}
  /** What holds the pipes: rows on their way out, or in. */
  occupied: 'read' | 'write' | undefined

  constructor() {
    this.child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', laneEntry()], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'ignore', 'ipc'],
      serialization: 'advanced',
      windowsHide: true,
    })
    const { stdin, stdout } = this.child
    if (!stdin || !stdout) throw new AppError('INTERNAL', 'The SQLite lane has no pipes.')
    this.input = stdin
    this.output = stdout
    // Failures of the pipes show as the end of the process, which says more.
    this.input.on('error', () => {})
    this.input.on('drain', () => this.room())
    this.output.on('error', () => {})
    this.child.on('message', (reply: Reply) => this.take(reply))
    this.ended = new Promise((resolve) => {
      const finish = () => {
        this.over()
        resolve()
      }
      this.child.once('exit', finish)
      this.child.on('error', finish)
    })
  }

  /** Not once it was told to end, though the process takes some time to be gone. */
  get alive(): boolean {
    return this.end === undefined && !this.cancelled
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  /** Whether the process may keep this one from exiting; idle lanes may not. */
  keepAlive(busy: boolean): void {
    const pipes = [this.child, this.child.channel, this.input, this.output]
    for (const handle of pipes) {
      if (!handle) continue
      if (busy && 'ref' in handle && typeof handle.ref === 'function') handle.ref()
      if (!busy && 'unref' in handle && typeof handle.unref === 'function') handle.unref()
    }
  }

  call<K extends Op>(op: K, args: Calls[K]['args']): Promise<Calls[K]['result']> {
    if (this.end) return Promise.reject(this.end)
    if (this.occupied === 'read') return Promise.reject(stillReading())
    const id = ++this.lastId
    return new Promise<Calls[K]['result']>((resolve, reject) => {
      // The lane answers each call with the result of its own kind; the map from one to the other is `Calls`.
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject })
      this.child.send({ id, op, args })
    })
  }

  /** Sends bytes for a write that is under way; resolves when there is room for more. */
  async feed(piece: Uint8Array): Promise<void> {
    if (this.end) throw this.end
    if (this.input.write(piece)) return
    await new Promise<void>((resolve) => {
      this.room = resolve
    })
    if (this.end) throw this.end
  }

  /**
   * The bytes of a `read`. Left early, the lane is told to stop and what is in the pipe is dropped, so that it can be
   * used again.
   */
  async *pull(args: Calls['read']['args'], onEnd: (end: ReadEnd) => void): AsyncGenerator<Uint8Array> {
    let received = 0
    let end: ReadEnd | undefined
    let failure: unknown
    let wake = () => {}
    const notify = () => wake()
    const started = this.call('read', args)
    if (this.alive && this.occupied === undefined) this.occupied = 'read'
    this.output.on('readable', notify)
    const settled = started.then(
      (result) => {
        end = result
        onEnd(result)
      },
      (error: unknown) => {
        failure = error
      },
    )
    void settled.then(notify)
    const next = async (): Promise<Uint8Array | undefined> => {
      for (;;) {
        const piece: unknown = this.output.read()
        if (piece instanceof Uint8Array) {
          received += piece.length
          return piece
        }
        if (failure !== undefined) throw failure
        if (end !== undefined && received >= end.bytes) {
          if (end.error) throw revive(end.error)
          return undefined
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
    try {
      for (let piece = await next(); piece !== undefined; piece = await next()) yield piece
    } finally {
      if (this.alive && failure === undefined && (end === undefined || received < end.bytes)) {
        this.child.send({ op: 'stop' })
        while ((await next().catch(() => undefined)) !== undefined);
      }
      this.output.off('readable', notify)
      this.occupied = undefined
    }
  }

  /** Ends the process at once; SQLite undoes its transaction. Calls that wait reject with RUN_CANCELLED. */
  async kill(): Promise<void> {
    this.cancelled = true
    this.keepAlive(true)
    if (this.end === undefined) this.child.kill('SIGKILL')
    await this.ended
  }

  private take(reply: Reply): void {
    if ('event' in reply) {
      if (reply.event === 'rows') this.events.rows?.(reply.rows)
      else if (reply.event === 'reject') this.events.reject?.(reply.row, reply.reason)
      else this.events.failed?.(revive(reply.error))
      return
    }
    const waiting = this.waiting.get(reply.id)
    this.waiting.delete(reply.id)
    if ('error' in reply) waiting?.reject(revive(reply.error))
    else waiting?.resolve(reply.result)
  }

  private over(): void {
    this.end ??= this.cancelled
      ? new AppError('RUN_CANCELLED', 'The work on the SQLite database was stopped.')
      : new AppError('CONNECTION_LOST', 'The process that worked on the SQLite database ended unexpectedly.', {
          hint: 'Nothing was committed by it. Try again.',
          retryable: true,
        })
    this.room()
    for (const waiting of this.waiting.values()) waiting.reject(this.end)
    this.waiting.clear()
  }
}

function stillReading(): AppError {
  return new AppError('RUN_STATE', 'A query is still being read on this connection.', {
    hint: 'Read its rows to the end, or leave the loop, before the next statement.',
  })
}

function revive(report: ErrorReport): AppError {
  return new AppError(report.code, report.message, report)
}
