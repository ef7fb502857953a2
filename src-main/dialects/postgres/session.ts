import type { BoundValue, ExecuteResult, Reader, Session, Statement, WritePlan, Writer } from '../dialect.ts'
import type { Pool } from './connect.ts'
import { executeMany, executeOne } from './execute.ts'
import { Link } from './link.ts'
import { PgReader } from './reader.ts'
import type { TypeMap } from './types.ts'
import { openWriter } from './writer.ts'

/** What can be asked of one server connection. */
export class PgSession extends Link implements Session {
  /** @throws AppError CONNECTION_*, RUN_CANCELLED */
  static async open(pool: Pool, types: TypeMap, readOnly: boolean, signal?: AbortSignal): Promise<PgSession> {
    const session = new PgSession(pool, await pool.acquire(signal), types, readOnly, signal)
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
