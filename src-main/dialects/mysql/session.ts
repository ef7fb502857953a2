import type {
  BoundValue,
  ExecuteResult,
  Reader,
  ReadOptions,
  ResultTable,
  Session,
  Statement,
  WritePlan,
  Writer,
} from '../dialect.ts'
import type { Pool } from './connect.ts'
import { executeMany, executeOne } from './execute.ts'
import { Link } from './link.ts'
import { MyReader } from './reader.ts'
import { resultTables } from './tables.ts'
import { openWriter } from './writer.ts'

/** What can be asked of one server connection. */
export class MySession extends Link implements Session {
  /** @throws AppError CONNECTION_*, RUN_CANCELLED */
  static async open(pool: Pool, readOnly: boolean, signal?: AbortSignal): Promise<MySession> {
    const session = new MySession(pool, await pool.acquire(signal), readOnly, signal)
    await session.prepare()
    return session
  }

  execute(statement: Statement, { plain = [] }: ReadOptions = {}): Promise<ExecuteResult> {
    return this.guarded(() => executeOne(this, statement, plain))
  }

  results(statement: Statement): AsyncIterable<ResultTable> {
    return resultTables(this, statement)
  }

  executeMany(statement: Statement, rows: AsyncIterable<Record<string, BoundValue>>): Promise<number> {
    return this.guarded(() => executeMany(this, statement, rows))
  }

  read(statement: Statement, { plain = [] }: ReadOptions = {}): Reader {
    return new MyReader(this, statement, plain)
  }

  write(plan: WritePlan): Promise<Writer> {
    return openWriter(this, plan)
  }
}
