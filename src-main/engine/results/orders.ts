import { cancelled } from '../duck/errors.ts'
import type { Duck } from '../duck/session.ts'

/** Row ids of one output in an order, computed once. */
export interface Order {
  /** Ready-quoted table with the column `id`; its own row ids are the positions. */
  table: string
  total: number
}

export interface OrderLease extends Order {
  /** After this the order may be dropped. */
  release(): void
}

interface Entry {
  ready: Promise<Order>
  abort: AbortController
  /** How many read from it or wait for it. */
  users: number
  done: boolean
}

/** Orders kept for one output; of those that nobody reads the least recently used is dropped. */
const maxOrders = 4

/** Several outputs may keep their orders in one embedded engine. */
let made = 0

/** The memory database that an embedded engine keeps all of them in; made once, for two cannot attach it at a time. */
const attached = new WeakMap<Duck, Promise<void>>()

function attach(duck: Duck): Promise<void> {
  const ready = attached.get(duck) ?? attachOn(duck)
  attached.set(duck, ready)
  return ready
}

async function attachOn(duck: Duck): Promise<void> {
  const session = await duck.connect()
  await session.run(`ATTACH ':memory:' AS orders`).finally(() => session.close())
}

/**
 * The sorted and filtered orders of one output. Each is computed on a connection of its own, so that windows of other orders are read
 * meanwhile, and stopped when all who waited for it have gone.
 */
export class Orders {
  private readonly duck: Duck
  private readonly entries = new Map<string, Entry>()

  constructor(duck: Duck) {
    this.duck = duck
  }

  /** @param select a SELECT of row ids, in their order. @throws AppError RUN_CANCELLED when the signal aborts meanwhile */
  async lease(key: string, select: string, signal?: AbortSignal): Promise<OrderLease> {
    if (signal?.aborted) throw cancelled()
    const entry = this.entries.get(key) ?? this.start(key, select)
    this.entries.delete(key)
    this.entries.set(key, entry)
    entry.users++
    let left = false
    const release = () => {
      if (left) return
      left = true
      entry.users--
      if (entry.users > 0) return
      if (!entry.done) {
        entry.abort.abort()
        if (this.entries.get(key) === entry) this.entries.delete(key)
      } else void this.tidy()
    }
    try {
      return { ...(await unlessAborted(entry.ready, signal)), release }
    } catch (error) {
      release()
      throw error
    }
  }

  private start(key: string, select: string): Entry {
    const abort = new AbortController()
    const entry: Entry = { ready: this.compute(select, abort.signal), abort, users: 0, done: false }
    entry.ready.then(
      () => {
        entry.done = true
      },
      () => {
        if (this.entries.get(key) === entry) this.entries.delete(key)
      },
    )
    return entry
  }

  private async compute(select: string, signal: AbortSignal): Promise<Order> {
    await attach(this.duck)
    const session = await this.duck.connect({}, signal)
    try {
      const table = `orders.main.order_${made++}`
      await session.run(`CREATE TABLE ${table}(id) AS ${select}`)
      return { table, total: await session.number(`SELECT count(*) FROM ${table}`) }
    } finally {
      session.close()
    }
  }

  private async tidy(): Promise<void> {
    for (const [key, entry] of this.entries) {
      if (this.entries.size <= maxOrders) return
      if (entry.users > 0 || !entry.done) continue
      this.entries.delete(key)
      await this.drop(entry)
    }
  }

  private async drop({ ready }: Entry): Promise<void> {
    const { table } = await ready
    const session = await this.duck.connect()
    await session.run(`DROP TABLE ${table}`).finally(() => session.close())
  }

  /** Stops what is being computed and drops what is done. */
  async close(): Promise<void> {
    const entries = [...this.entries.values()]
    this.entries.clear()
    for (const { abort } of entries) abort.abort()
    // One that was stopped has left nothing.
    for (const entry of entries) await this.drop(entry).catch(() => undefined)
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const stop = () => reject(cancelled())
    signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
