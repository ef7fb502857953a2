import type { z } from 'zod'
import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import type { query } from '../../../shared/nodes/query.ts'
import { lexis, splitStatements } from '../../../shared/sql/placeholders.ts'
import type { Database, Statement } from '../../dialects/dialect.ts'
import type { NodeContext, ReadSession, RowStream, SourceExecutor } from '../node-context.ts'

export const querySource: SourceExecutor<z.infer<typeof query.config>> = {
  async columns(context) {
    const database = await context.connect(context.config.connection)
    return requireColumns(await database.describe({ sql: context.config.sql, params: context.params }, context.signal))
  },
  open: (context) =>
    openStatement(context, context.config.connection, { sql: context.config.sql, params: context.params }),
}

/** Starts a statement on a session, which is given back when the rows end or are no longer wanted. */
export async function openStatement(
  context: NodeContext,
  connection: string,
  statement: Statement,
): Promise<RowStream> {
  const database = await context.connect(connection)
  const { session, giveBack } = await (context.session?.(connection) ?? ownSession(database, context.signal))
  try {
    let reader = session.read(statement)
    const columns = requireColumns(await reader.columns())
    const [only, ...more] = splitStatements(statement.sql, lexis[database.dialect.id])
    const narrow = (keep: readonly number[]) => {
      reader = session.read({ ...statement, sql: narrowed(only?.sql ?? '', columns.length, keep) })
    }
    return {
      columns,
      async *bytes(format) {
        let failed = true
        try {
          yield* reader.bytes(format)
          failed = false
        } finally {
          await giveBack(failed)
        }
      },
      get rowsRead() {
        return reader.rowsRead
      },
      // Other statements (SHOW, INSERT … RETURNING) cannot stand inside a query.
      ...(more.length === 0 && /^\s*select\b/i.test(only?.sql ?? '') && database.dialect.canNest(statement.sql)
        ? { narrow }
        : {}),
    }
  } catch (error) {
    await giveBack(true)
    throw error
  }
}

/** A statement without rows would be run, and fail after that. @throws AppError CONFIG_INVALID */
function requireColumns(columns: Column[]): Column[] {
  if (columns.length > 0) return columns
  throw new AppError('CONFIG_INVALID', 'The statement gives no rows.', {
    hint: 'A query node reads rows. Use an execute node for statements that change something.',
    at: { field: 'sql' },
  })
}

async function ownSession(database: Database, signal: AbortSignal): Promise<ReadSession> {
  const session = await database.session(signal)
  return { session, giveBack: () => session.release() }
}

/** The query with only some of its columns. Names may repeat in it, so the columns are numbered. */
function narrowed(sql: string, count: number, keep: readonly number[]): string {
  const names = Array.from({ length: count }, (_, index) => `c${index}`)
  return `WITH narrowed(${names.join(', ')}) AS (\n${sql}\n) SELECT ${keep.map((index) => `c${index}`).join(', ')} FROM narrowed`
}
