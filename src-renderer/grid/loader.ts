export interface Block {
  offset: number
  limit: number
}

interface Wish<T> {
  block: Block
  resolve(result: T): void
  reject(error: unknown): void
}

/**
 * Reads blocks of rows a few at a time, the one wished for last first: while someone scrolls, that is the one they see.
 */
export class BlockLoader<T> {
  private readonly read: (block: Block, signal: AbortSignal) => Promise<T>
  private readonly atOnce: number
  private readonly waiting: Wish<T>[] = []
  private readonly abort = new AbortController()
  private busy = 0

  constructor(read: (block: Block, signal: AbortSignal) => Promise<T>, atOnce = 2) {
    this.read = read
    this.atOnce = atOnce
  }

  load(block: Block): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ block, resolve, reject })
      this.next()
    })
  }

  private next(): void {
    if (this.busy >= this.atOnce || this.abort.signal.aborted) return
    const wish = this.waiting.pop()
    if (!wish) return
    this.busy++
    this.read(wish.block, this.abort.signal)
      .then(wish.resolve, wish.reject)
      .finally(() => {
        this.busy--
        this.next()
      })
  }

  /** Gives up what is being read and what waits. */
  stop(): void {
    this.abort.abort()
    this.waiting.length = 0
  }
}
