import { execFile } from 'node:child_process'
import { closeSync, constants, createReadStream, createWriteStream, openSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

/**
 * Bytes between this process and a running DuckDB query. Where the system has named pipes, rows flow while the query
 * runs; elsewhere they go through a file in the scratch folder.
 */
const hasPipes = process.platform !== 'win32'

let serial = 0

async function makePipe(folder: string): Promise<string> {
  const path = join(folder, `pipe-${process.pid}-${++serial}`)
  await promisify(execFile)('mkfifo', ['-m', '600', path])
  return path
}

/** A path that a query can read once, and the bytes to be fed to it while it runs. */
export interface Feed {
  path: string
  /**
   * Pumps the bytes until they end or the query has read enough. Must run beside the query that reads `path`.
   * Rejects when the bytes fail; the query then sees an early end and must not be trusted.
   */
  pump(queryDone: AbortSignal): Promise<void>
  dispose(): Promise<void>
}

export async function feed(folder: string, rows: AsyncIterable<Uint8Array>): Promise<Feed> {
  const bytes = marked(rows)
  if (!hasPipes) return spooledFeed(folder, bytes)
  const path = await makePipe(folder)
  return {
    path,
    pump: (queryDone) => pumpInto(path, bytes, queryDone),
    dispose: () => rm(path, { force: true }),
  }
}

const mark = Buffer.from('\uFEFF')

/** The engine takes a byte order mark at the start for none of the rows', so one is set before them that it may take. */
async function* marked(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const piece of rows) {
    yield first ? Buffer.concat([mark, piece]) : piece
    first = false
  }
}

async function spooledFeed(folder: string, bytes: AsyncIterable<Uint8Array>): Promise<Feed> {
  const path = join(folder, `spool-${process.pid}-${++serial}`)
  const file = createWriteStream(path)
  for await (const piece of bytes) {
    if (!file.write(piece)) await new Promise<void>((resolve) => file.once('drain', () => resolve()))
  }
  await new Promise<void>((resolve, reject) => file.end((error?: Error | null) => (error ? reject(error) : resolve())))
  return { path, pump: async () => {}, dispose: () => rm(path, { force: true }) }
}

/**
 * Opens the write end only once a reader is there: bytes written and closed before that would be lost, and a blocking
 * open would hold a thread that the query may need. Undefined when the query ended without reading.
 */
async function openWriter(path: string, queryDone: AbortSignal): Promise<Socket | undefined> {
  for (let tries = 0; !queryDone.aborted; tries++) {
    try {
      const fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
      return new Socket({ fd, readable: false, writable: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENXIO')) throw error
      await delay(tries < 50 ? 1 : 10)
    }
  }
  return undefined
}

async function pumpInto(path: string, bytes: AsyncIterable<Uint8Array>, queryDone: AbortSignal): Promise<void> {
  const iterator = bytes[Symbol.asyncIterator]()
  const socket = await openWriter(path, queryDone)
  const reader = new Listener()
  const stop = () => reader.leave()
  // The reader going away means it has all it wants (a limit) or has failed, which its own promise tells.
  socket?.on('error', stop)
  queryDone.addEventListener('abort', stop, { once: true })
  try {
    while (socket) {
      const next = await reader.unlessGone(iterator.next())
      if (next === 'gone') break
      if (next.done) {
        await reader.unlessGone(new Promise<void>((resolve) => socket.end(resolve)))
        return
      }
      if (!socket.write(next.value)) {
        await reader.unlessGone(new Promise<void>((resolve) => socket.once('drain', resolve)))
      }
    }
    // Not awaited: a source that waits for its server answers when the run's signal stops it.
    iterator.return?.().catch(() => undefined)
  } finally {
    queryDone.removeEventListener('abort', stop)
    socket?.destroy()
  }
}

/**
 * Whoever reads the other end. `Promise.race` against one promise for its going would do the same, but that promise holds every
 * result it was raced with until it settles: all bytes of the feed.
 */
class Listener {
  private gone = false
  private wake: (() => void) | undefined

  leave(): void {
    this.gone = true
    this.wake?.()
  }

  unlessGone<T>(work: Promise<T>): Promise<T | 'gone'> {
    return new Promise((resolve, reject) => {
      this.wake = () => resolve('gone')
      if (this.gone) this.wake()
      work.then(resolve, reject)
    })
  }
}

/**
 * Does work that reads feeds while they are pumped. Done only when both are, so an early end of a feed never passes for success.
 * @throws as the work does, else as the first pump does
 */
export async function whilePumped<T>(
  pumps: readonly ((queryDone: AbortSignal) => Promise<void>)[],
  work: () => Promise<T>,
): Promise<T> {
  const queryDone = new AbortController()
  const pumped = Promise.all(pumps.map((pump) => pump(queryDone.signal)))
  pumped.catch(() => undefined)
  try {
    const result = await work()
    queryDone.abort()
    await pumped
    return result
  } finally {
    queryDone.abort()
  }
}

/** A path that a query can write once, and the bytes it wrote. */
export interface Drain {
  path: string
  /** The bytes, ending when `query` has resolved and everything was read. Rejects when the query does. */
  bytes(query: Promise<unknown>): AsyncIterable<Uint8Array>
  dispose(): Promise<void>
}

export async function drain(folder: string): Promise<Drain> {
  if (!hasPipes) {
    const path = join(folder, `spool-${process.pid}-${++serial}`)
    return { path, bytes: (query) => spooledBytes(path, query), dispose: () => rm(path, { force: true }) }
  }
  const path = await makePipe(folder)
  const socket = new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  })
  // Held until the query ends, so that the reader does not see an end before the query has opened its side.
  let keeper: number | undefined = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  const letGo = () => {
    if (keeper !== undefined) closeSync(keeper)
    keeper = undefined
  }
  return {
    path,
    bytes: (query) => drained(socket, query, letGo),
    async dispose() {
      letGo()
      socket.destroy()
      await rm(path, { force: true })
    },
  }
}

async function* drained(socket: Socket, query: Promise<unknown>, letGo: () => void): AsyncIterable<Uint8Array> {
  const finished = query.finally(letGo)
  finished.catch(() => undefined)
  for await (const piece of socket) {
    const bytes: Uint8Array = piece
    yield bytes
  }
  await finished
}

async function* spooledBytes(path: string, query: Promise<unknown>): AsyncIterable<Uint8Array> {
  await query
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 })) {
    const bytes: Uint8Array = piece
    yield bytes
  }
}
