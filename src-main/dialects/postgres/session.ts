import type { BoundValue, ExecuteResult, Reader, Session, Statement, WritePlan, Writer } from '../dialect.ts'
import type { Pool } from './connect.ts'
import { executeMany, executeOne } from './execute.ts'
import { cancelled, Link } from './link.ts'
import type { PgClient } from './protocol.ts'
import { PgReader } from './reader.ts'
import type { TypeMap } from './types.ts'
import { openWriter } from './writer.ts'

/** What can be asked of one server connection. */
export class PgSession extends Link implements Session {
  /** @throws AppError CONNECTION_*, RUN_CANCELLED */
  static async open(pool: Pool, types: TypeMap, readOnly: boolean, signal?: AbortSignal): Promise<PgSession> {
    if (signal?.aborted) throw cancelled()
    const session = new PgSession(pool, await acquire(pool, signal), types, readOnly, signal)
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
    return new PgReader(this, statement)
  }

  write(plan: WritePlan): Promise<Writer> {
    return openWriter(this, plan)
  }
}

/** Waits for a connection no longer than until Stop; one that comes later goes back to the pool. */
async function acquire(pool: Pool, signal: AbortSignal | undefined): Promise<PgClient> {
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
