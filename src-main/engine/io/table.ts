import type { z } from 'zod'
import { AppError, toAppError } from '../../../shared/errors.ts'
import type { table } from '../../../shared/nodes/table.ts'
import { parseTableName } from '../../../shared/sql/names.ts'
import type { Statement } from '../../dialects/dialect.ts'
import type { NodeContext, SourceExecutor } from '../node-context.ts'
import { openStatement } from './query.ts'

type Config = z.infer<typeof table.config>

export const tableSource: SourceExecutor<Config> = {
  async columns(context) {
    const database = await context.connect(context.config.connection)
    const { sql, params } = await statement(context)
    try {
      return await database.describe({ sql, ...(params && { params }) }, context.signal)
    } catch (error) {
      throw placed(toAppError(error), sql, context.config.where)
    }
  },
  open: async (context) => openStatement(context, context.config.connection, await statement(context)),
}

/** Where a complaint about the whole statement is about the condition: the position in it. */
function placed(error: AppError, sql: string, where: string | undefined): AppError {
  const { position, ...at } = error.at
  const start = where === undefined ? -1 : sql.lastIndexOf(where)
  if (position === undefined || where === undefined || start < 0 || position < start) return error
  const { code, message, hint, retryable, sqlState, cause } = error
  const inWhere = Math.min(position - start, where.length)
  return new AppError(code, message, {
    hint,
    at: { ...at, field: 'where', position: inWhere },
    retryable,
    sqlState,
    cause,
  })
}

/** The condition stands on lines of its own, so a comment in it cannot swallow what follows. */
async function statement(context: NodeContext<Config>): Promise<Statement> {
  const { connection, table: name, columns, where } = context.config
  const { dialect } = await context.connect(connection)
  const { schema, name: bare } = parseTableName(name)
  const from = schema === undefined ? dialect.quote(bare) : `${dialect.quote(schema)}.${dialect.quote(bare)}`
  const fields = columns ? columns.map((column) => dialect.quote(column)).join(', ') : '*'
  const condition = where === undefined ? '' : ` WHERE (\n${where}\n)`
  return { sql: `SELECT ${fields} FROM ${from}${condition}`, params: context.params }
}
