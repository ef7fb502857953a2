/** One writer, any number of readers: each reads all that is sent from when it began, and may be slow. */
export class Channel<T> {
  private readonly readers = new Set<(item: T | undefined) => void>()
  private closed = false

  send(item: T): void {
    for (const reader of this.readers) reader(item)
  }

  /** Ends every reader once it has read what was sent. */
  close(): void {
    this.closed = true
    for (const reader of this.readers) reader(undefined)
  }

  /** @param first items given before anything that is sent from now on */
  read(signal?: AbortSignal, first: readonly T[] = []): AsyncIterableIterator<T> {
    const queue = [...first]
    let ended = this.closed
    let wake: (() => void) | undefined
    const reader = (item: T | undefined) => {
      if (item === undefined) ended = true
      else queue.push(item)
      wake?.()
    }
    const stop = () => {
      queue.length = 0
      reader(undefined)
    }
    this.readers.add(reader)
    signal?.addEventListener('abort', stop, { once: true })
    const leave = () => {
      this.readers.delete(reader)
      signal?.removeEventListener('abort', stop)
    }
    return (async function* () {
      try {
        while (true) {
          const item = queue.shift()
          if (item !== undefined) yield item
          else if (ended || signal?.aborted) return
          else {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
            wake = undefined
          }
        }
      } finally {
        leave()
      }
    })()
  }
}
