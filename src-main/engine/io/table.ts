import type { z } from 'zod'
import type { table } from '../../../shared/nodes/table.ts'
import { parseTableName } from '../../../shared/sql/names.ts'
import type { Statement } from '../../dialects/dialect.ts'
import type { NodeContext, SourceExecutor } from '../node-context.ts'
import { openStatement } from './query.ts'

type Config = z.infer<typeof table.config>

export const tableSource: SourceExecutor<Config> = {
  async columns(context) {
    const database = await context.connect(context.config.connection)
    return database.describe(await statement(context), context.signal)
  },
  open: async (context) => openStatement(context, context.config.connection, await statement(context)),
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
