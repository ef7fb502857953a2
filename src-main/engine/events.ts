import type { NodeCounts, RunEvent } from '../../shared/run.ts'
import type { Emit, Teller } from './scope.ts'

type EventBody = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'runId' | 'at'> : never) : never

const progressEveryMs = 200

/** Stamps events and keeps progress to five a second, whatever the nodes do. */
export class Events implements Teller {
  private readonly runId: string
  private readonly emit: Emit
  private readonly moved = new Map<string, NodeCounts>()
  private readonly timer: NodeJS.Timeout

  constructor(runId: string, emit: Emit) {
    this.runId = runId
    this.emit = emit
    this.timer = setInterval(() => this.flush(), progressEveryMs)
    this.timer.unref()
  }

  send(body: EventBody): void {
    this.emit({ ...body, runId: this.runId, at: new Date().toISOString() })
  }

  log: Teller['log'] = (level, node, message) => {
    this.send({ type: 'log', level, message, ...(node === undefined ? {} : { node }) })
  }

  progress: Teller['progress'] = (node, counts) => {
    this.moved.set(node, counts)
  }

  /** Forgets progress that a terminal event has overtaken. */
  settle(node: string): void {
    this.moved.delete(node)
  }

  private flush(): void {
    if (this.moved.size === 0) return
    const nodes = Object.fromEntries(this.moved)
    this.moved.clear()
    this.send({ type: 'progress', nodes })
  }

  close(): void {
    clearInterval(this.timer)
  }
}
