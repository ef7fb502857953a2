import { WireReader } from '../../../shared/data/wire-reader.ts'

/** Bytes that are held for a reader who has not come yet. */
const MOST = 8 * 1024 * 1024
/** How many of them tell how long rows are. */
const ENOUGH = 64 * 1024

/**
 * Starts to take bytes from their source before anybody reads them, so that a server works while this process prepares to. Once it is
 * read, each piece is asked for when the one before has been taken. Left unread, it must be returned, or its source stays open.
 */
export class ReadAhead implements AsyncIterableIterator<Uint8Array> {
  private readonly source: AsyncIterator<Uint8Array>
  private readonly held: Uint8Array[] = []
  private size = 0
  private read = false
  private ended = false
  private filling = true
  private readonly filled: Promise<void>
  private arrived = () => {}

  constructor(bytes: AsyncIterable<Uint8Array>) {
    this.source = bytes[Symbol.asyncIterator]()
    this.filled = this.fill()
    // Whoever reads is told.
    this.filled.catch(() => undefined)
  }

  private async fill(): Promise<void> {
    try {
      while (!this.read && this.size < MOST) {
        const next = await this.source.next()
        if (next.done) {
          this.ended = true
          return
        }
        this.held.push(next.value)
        this.size += next.value.length
        this.arrived()
      }
    } finally {
      this.filling = false
      this.arrived()
    }
  }

  /**
   * Bytes that a row takes, by the first rows, as soon as some have come; they stay to be read. A row that is longer than what has come
   * counts as so long. To be asked before anything is read.
   */
  async rowBytes(): Promise<number> {
    while (this.filling && this.size < ENOUGH) {
      await new Promise<void>((resolve) => {
        this.arrived = resolve
      })
    }
    const bytes = Buffer.concat(this.held, Math.min(this.size, ENOUGH))
    const rows = new WireReader().pushBytes(bytes).length
    return rows > 0 ? bytes.length / rows : this.size
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    this.read = true
    if (this.held.length === 0) await this.filled
    const value = this.held.shift()
    if (value) return { value, done: false }
    return this.ended ? { value: undefined, done: true } : this.source.next()
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.read = true
    this.held.length = 0
    await this.source.return?.()
    return { value: undefined, done: true }
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}
