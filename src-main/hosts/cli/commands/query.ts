import { type Command, Option } from 'commander'
import { type ConnectionConfig, workspaceConnection } from '../../../../shared/connections.ts'
import { parseType } from '../../../../shared/data/types.ts'
import { parseCell } from '../../../../shared/data/wire.ts'
import { AppError } from '../../../../shared/errors.ts'
import { lexis, tokenizeSql } from '../../../../shared/sql/placeholders.ts'
import { givesSeveral } from '../../../../shared/sql/statements.ts'
import type { BoundValue } from '../../../dialects/dialect.ts'
import { requireFile } from '../../../services/open-database.ts'
import { connect } from '../../../services/start-run.ts'
import type { Define } from '../command.ts'
import { type CliContext, readStdin } from '../context.ts'
import { pairs, type QueryFormat, queryFormats } from '../options.ts'
import { formatRows } from '../output/words.ts'

export const define: Define = (program, act) => {
  const command = program
    .command('query')
    .summary('run SQL on a connection and print its rows')
    .description('Runs one SQL statement on a connection. Rows are streamed: memory stays flat however many there are.')
    .argument('<connection>', `name of a connection, or ${workspaceConnection} for all of them`)
    .argument('<sql>', 'one statement; "-" reads it from stdin')
  addOptions(command)
  command
    .addHelpText(
      'after',
      `
Examples:
  $ sluice query shop 'select * from orders limit 10'
  $ sluice query shop 'select * from orders where day >= :since' --param since=2024-06-01 --format csv
  $ sluice query shop - --output orders.parquet < orders.sql
  $ sluice query db 'select 1' --connection db=sqlite:shop.db

Across databases, with SQL of DuckDB over connection.schema.table:
  $ sluice query ${workspaceConnection} 'select * from shop.public.orders join lake.main.prices using (sku)'

A parameter is bound, never pasted, and is text unless its type is named: --param limit:int64=10.`,
    )
    .action(act(query))
}

function addOptions(command: Command): void {
  command
    .option('-p, --param <name=value>', 'a value for :name; may be given again', pairs)
    .option('-c, --connection <name=url>', 'use this database for a connection; may be given again', pairs)
    .addOption(
      new Option('--format <format>', 'how to print rows (table; with --output, by its name)').choices([
        ...queryFormats,
      ]),
    )
    .option('-o, --output <file>', 'write rows to a file, whole or not at all')
}

interface Options {
  param?: Record<string, string>
  connection?: Record<string, string>
  format?: QueryFormat
  output?: string
}

async function query(context: CliContext, name: string, given: string, options: Options): Promise<number> {
  const sql = given === '-' ? readStdin() : given
  if (sql.trim() === '') throw new AppError('CONFIG_INVALID', 'There is no SQL to run.', { hint: 'Write a statement.' })
  const params = boundParams(options.param ?? {})
  const workspace = context.workspace()
  const where = { folder: context.cwd, cwd: context.cwd, overrides: options.connection ?? {} }
  const toFile = options.output !== undefined || options.format === 'parquet'
  const signal = AbortSignal.any([context.signal, context.readerGone])
  try {
    if (name === workspaceConnection) {
      const { queryWorkspace } = await import('../query-workspace.ts')
      return await queryWorkspace(context, {
        sql,
        params,
        where,
        format: options.format,
        output: options.output,
        signal,
      })
    }
    const { config, folder } = await workspace.resolve(name, where)
    if (givesRows(sql, config)) requireFile(config, folder)
    if (toFile) {
      requireRows(sql, config)
      const { writeQuery } = await import('../query-file.ts')
      return await writeQuery(context, {
        name,
        sql,
        params,
        where,
        format: options.format,
        output: options.output,
        signal,
      })
    }
    await using database = await connect(workspace, name, where)
    await using session = await database.session(signal)
    const { printResult, printResults, printRows } = await import('../query-print.ts')
    const format = options.format ?? 'table'
    const quotesTexts = config.dialect === 'sqlite'
    if (givesRows(sql, config)) await printRows(context, session.read({ sql, params }), { format, quotesTexts }, signal)
    else if (session.results && givesSeveral(sql, config.dialect))
      await printResults(context, session.results({ sql, params }), format, signal)
    else {
      const { affected, columns, rows } = await session.execute({ sql, params })
      if (columns.length > 0) await printResult(context, columns, rows, format)
      else context.err.line(affected === null ? 'Done.' : `${formatRows(affected)} changed.`)
    }
    return 0
  } catch (error) {
    if (context.readerGone.aborted) return 0
    throw error
  }
}

/** What starts a statement that can be read as rows, piece by piece. The rest is executed, and returns little or nothing. */
const readers = new Set(['select', 'with', 'values', 'table'])

function givesRows(sql: string, { dialect }: ConnectionConfig): boolean {
  for (const token of tokenizeSql(sql, lexis[dialect])) {
    if (token.type === 'comment' || token.type === 'mark') continue
    const word = /^[\s(]*([a-z]+)/i.exec(token.text)?.[1]
    if (word !== undefined) return readers.has(word.toLowerCase())
    if (token.text.trim() !== '') return false
  }
  return false
}

function requireRows(sql: string, config: ConnectionConfig): void {
  if (givesRows(sql, config)) return
  throw new AppError('CONFIG_INVALID', 'Only the rows of a query can be written to a file.', {
    hint: 'Use a statement that starts with SELECT, WITH, VALUES or TABLE.',
  })
}

function boundParams(given: Record<string, string>): Record<string, BoundValue> {
  return Object.fromEntries(
    Object.entries(given).map(([key, text]) => {
      const [name = '', typeName] = key.split(/:(.*)/s)
      const type = parseType(typeName ?? 'text')
      try {
        return [name, { type, value: parseCell(text, type) }]
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        throw new AppError('CONFIG_PARAMETER', `The parameter "${name}": ${error.message}`, { cause: error })
      }
    }),
  )
}
