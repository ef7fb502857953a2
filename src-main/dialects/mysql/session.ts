import type { BoundValue, ExecuteResult, Reader, Session, Statement, WritePlan, Writer } from '../dialect.ts'
import type { Pool } from './connect.ts'
import { executeMany, executeOne } from './execute.ts'
import { cancelled } from './line.ts'
import { Link } from './link.ts'
import type { MyClient } from './protocol.ts'
import { MyReader } from './reader.ts'
import { openWriter } from './writer.ts'

/** What can be asked of one server connection. */
export class MySession extends Link implements Session {
  /** @throws AppError CONNECTION_*, RUN_CANCELLED */
  static async open(pool: Pool, readOnly: boolean, signal?: AbortSignal): Promise<MySession> {
    if (signal?.aborted) throw cancelled()
    const session = new MySession(pool, await acquire(pool, signal), readOnly, signal)
    await session.prepare()
    return session
  }

  execute(statement: Statement): Promise<ExecuteResult> {
    return this.guarded(() => executeOne(this, statement))
  }

  executeMany(statement: Statement, rows: AsyncIterable<Record<string, BoundValue>>): Promise<number> {
    return this.guarded(() => executeMany(this, statement, rows))
  }

  read(statement: Statement): Reader {
    return new MyReader(this, statement)
  }

  write(plan: WritePlan): Promise<Writer> {
    return openWriter(this, plan)
  }
}

/** Waits for a connection no longer than until Stop; one that comes later goes back to the pool. */
async function acquire(pool: Pool, signal: AbortSignal | undefined): Promise<MyClient> {
  const acquiring = pool.acquire()
  if (!signal) return acquiring
  const stopped = Promise.withResolvers<never>()
  const onAbort = () => stopped.reject(cancelled())
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([acquiring, stopped.promise])
  } catch (error) {
    acquiring.then(
      (client) => pool.release(client),
      () => undefined,
    )
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
