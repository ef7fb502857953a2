import type { z } from 'zod'
import type { query } from '../../../shared/nodes/query.ts'
import type { Statement } from '../../dialects/dialect.ts'
import type { NodeContext, RowStream, SourceExecutor } from '../node-context.ts'

export const querySource: SourceExecutor<z.infer<typeof query.config>> = {
  async columns(context) {
    const database = await context.connect(context.config.connection)
    return database.describe({ sql: context.config.sql, params: context.params }, context.signal)
  },
  open: (context) =>
    openStatement(context, context.config.connection, { sql: context.config.sql, params: context.params }),
}

/** Starts a statement on a session of its own, which goes back to the pool when the rows end or are no longer wanted. */
export async function openStatement(
  context: NodeContext,
  connection: string,
  statement: Statement,
): Promise<RowStream> {
  const database = await context.connect(connection)
  const session = await database.session(context.signal)
  try {
    const reader = session.read(statement)
    return {
      columns: await reader.columns(),
      async *bytes(format) {
        try {
          yield* reader.bytes(format)
        } finally {
          await session.release()
        }
      },
      get rowsRead() {
        return reader.rowsRead
      },
    }
  } catch (error) {
    await session.release()
    throw error
  }
}
