/** Bytes that are held for a reader who has not come yet. */
const MOST = 8 * 1024 * 1024

/**
 * Starts to take bytes from their source before anybody reads them, so that a server works while this process prepares to. Once it is
 * read, each piece is asked for when the one before has been taken. Left unread, it must be returned, or its source stays open.
 */
export function readAhead(bytes: AsyncIterable<Uint8Array>): AsyncIterableIterator<Uint8Array> {
  const source = bytes[Symbol.asyncIterator]()
  const held: Uint8Array[] = []
  let read = false
  let ended = false
  const fill = async () => {
    for (let size = 0; !read && size < MOST; ) {
      const next = await source.next()
      if (next.done) {
        ended = true
        return
      }
      held.push(next.value)
      size += next.value.length
    }
  }
  const filled = fill()
  // Whoever reads is told.
  filled.catch(() => undefined)
  return {
    async next() {
      read = true
      if (held.length === 0) await filled
      const value = held.shift()
      if (value) return { value, done: false }
      return ended ? { value: undefined, done: true } : source.next()
    },
    async return() {
      read = true
      held.length = 0
      await source.return?.()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
