import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { AppError } from '../../../../shared/errors.ts'
import { stopReason } from '../stop.ts'
import type { SandboxCall, SandboxOptions, SandboxReply } from './protocol.ts'

/** Beside this file in the sources; bundled, an entry of its own above the folder of parts. */
function workerFile(): string {
  const here = import.meta.url
  const name = here.endsWith('.ts')
    ? './worker.ts'
    : here.includes('/parts/')
      ? '../code-worker.js'
      : './code-worker.js'
  return fileURLToPath(new URL(name, here))
}

/**
 * A sandbox in a thread of its own. Calls may be made ahead; their replies come in order. A stop, and a call that the sandbox's own limit
 * does not end, end the thread.
 */
export class SandboxThread implements Disposable {
  private readonly worker: Worker
  private readonly signal: AbortSignal
  private readonly seconds: number
  private readonly waiting: { resolve(reply: SandboxReply): void; reject(error: AppError): void }[] = []
  private readonly stop: () => void
  private timer: NodeJS.Timeout | undefined
  private ended: AppError | undefined

  constructor(options: SandboxOptions, signal: AbortSignal) {
    this.signal = signal
    this.seconds = options.batchSeconds
    this.stop = () => this.end(stopReason(signal))
    this.worker = new Worker(workerFile(), {
      workerData: options,
      resourceLimits: { stackSizeMb: 16 },
      env: {},
      stdin: false,
    })
    this.worker.on('message', (reply: SandboxReply) => this.arrived(reply))
    this.worker.on('error', (cause: unknown) =>
      this.end(new AppError('CODE_LIMIT', 'The sandbox of the code broke down.', { cause })),
    )
    this.worker.on('exit', () => this.end(new AppError('CODE_LIMIT', 'The sandbox of the code broke down.')))
    signal.addEventListener('abort', this.stop)
    if (signal.aborted) this.stop()
  }

  /** @throws AppError CODE_LIMIT or what ended the thread; failures of the code are part of the reply */
  call(call: SandboxCall): Promise<SandboxReply> {
    const reply = new Promise<SandboxReply>((resolve, reject) => {
      if (this.ended) return reject(this.ended)
      this.waiting.push({ resolve, reject })
      this.worker.ref()
      this.worker.postMessage(call)
      if (this.waiting.length === 1) this.watch()
    })
    // The reply may fail while its caller still waits for rows to send; the caller meets the error when it asks.
    reply.catch(() => undefined)
    return reply
  }

  private arrived(reply: SandboxReply): void {
    this.waiting.shift()?.resolve(reply)
    // An idle sandbox does not keep the process alive, should nobody ask for its rows.
    if (this.waiting.length === 0) this.worker.unref()
    this.watch()
  }

  /** The sandbox ends a call at its limit by itself, unless it is inside one long native step such as a regular expression. */
  private watch(): void {
    clearTimeout(this.timer)
    if (this.waiting.length === 0 || this.ended) return
    const late = () => this.end(new AppError('CODE_LIMIT', `The code took longer than ${this.seconds} s.`))
    this.timer = setTimeout(late, this.seconds * 1000 + 5000)
  }

  private end(error: AppError): void {
    if (this.ended) return
    this.ended = error
    clearTimeout(this.timer)
    this.signal.removeEventListener('abort', this.stop)
    for (const { reject } of this.waiting.splice(0)) reject(error)
    void this.worker.terminate()
  }

  [Symbol.dispose](): void {
    this.end(new AppError('RUN_CANCELLED', 'The sandbox of the code was closed.'))
  }
}
