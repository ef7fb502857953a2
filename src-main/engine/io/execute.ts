import type { z } from 'zod'
import { typedRow, WireReader } from '../../../shared/data/wire-reader.ts'
import { AppError } from '../../../shared/errors.ts'
import type { execute } from '../../../shared/nodes/execute.ts'
import { lexis, withoutComments } from '../../../shared/sql/placeholders.ts'
import { statementsOf } from '../../../shared/sql/statements.ts'
import type { BoundValue, Database, Dialect, Session } from '../../dialects/dialect.ts'
import type { SinkExecutor, SinkTools } from '../executors.ts'
import type { NodeContext, NodeInput } from '../node-context.ts'

type Config = z.infer<typeof execute.config>

/** The run commits and rolls back; a statement that did so itself would break what Stop and a dry run promise. */
const transactionControl =
  /^\s*(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)\b/i
/** Statements that databases refuse inside a transaction. */
const standsAlone =
  /^\s*(vacuum|attach|detach|pragma|create\s+(unique\s+)?index\s+concurrently|drop\s+index\s+concurrently|reindex|create\s+database|drop\s+database|alter\s+system|cluster|create\s+tablespace|drop\s+tablespace)\b/i

export const executeSink: SinkExecutor<Config> = {
  reads: 'once',

  async check(context, input) {
    const { dialect } = await context.connect(context.config.connection)
    statements(context.config, dialect, input !== undefined)
  },

  async run(context, input, tools) {
    const database = await context.connect(context.config.connection)
    const { dialect } = database
    const list = statements(context.config, dialect, input !== undefined)
    const [only] = list
    if (!input && list.length === 1 && only !== undefined && isA(standsAlone, dialect)(only)) {
      return { counts: await runAlone(context, database, only, tools) }
    }
    const committing = list.find((sql) => dialect.commitsItself(sql))
    if (tools.dryRun && committing !== undefined) throw cannotRehearse(committing)
    const { session, shared, undo, settle, done } = await tools.writeSession(context.config.connection)
    try {
      if (shared && committing !== undefined) throw wouldCommitOthers(committing, dialect)
      if (!shared) await session.begin()
      const affected = input ? await runPerRow(context, session, list, input) : await runOnce(context, session, list)
      await settle()
      return { counts: affected }
    } catch (error) {
      await undo()
      throw error
    } finally {
      await done()
    }
  },
}

const isA =
  (kind: RegExp, { id }: Dialect) =>
  (statement: string) =>
    kind.test(withoutComments(statement, lexis[id]))

function statements({ sql }: Config, dialect: Dialect, perRow: boolean): string[] {
  const list = statementsOf(sql, dialect.id).map((statement) => statement.sql)
  const control = list.find(isA(transactionControl, dialect))
  const invalid = (message: string, hint: string) =>
    new AppError('CONFIG_INVALID', message, { hint, at: { field: 'sql' } })
  if (control !== undefined) {
    throw invalid(
      `"${control.trim()}" is not allowed in an execute node.`,
      'The run begins, commits and rolls back by itself; leave the statement out.',
    )
  }
  if (list.length === 0) throw invalid('There is no statement to run.', 'Write at least one SQL statement.')
  if (perRow && list.length > 1)
    throw invalid('Only one statement can run once per row.', 'Use one execute node per statement.')
  const alone = list.find(isA(standsAlone, dialect))
  if (alone !== undefined && list.length > 1) {
    throw invalid(`"${alone.trim()}" cannot run in a transaction with others.`, 'Give it an execute node of its own.')
  }
  return list
}

async function runAlone(context: NodeContext<Config>, database: Database, sql: string, tools: SinkTools) {
  if (tools.dryRun) throw cannotRehearse(sql)
  await using session = await database.session(context.signal)
  await session.execute({ sql, params: context.params })
  return {}
}

const cannotRehearse = (sql: string) =>
  new AppError('CONFIG_INVALID', `"${sql.trim()}" commits by itself and cannot be rehearsed.`, {
    hint: 'Leave the node out of the dry run, or disable it.',
    at: { field: 'sql' },
  })

const wouldCommitOthers = (sql: string, { title }: Dialect) =>
  new AppError('CONFIG_INVALID', `"${sql.trim()}" would commit what other nodes have done: ${title} cannot undo it.`, {
    hint: 'Run it in a pipeline of its own, or leave out "atomic": "pipeline".',
    at: { field: 'sql' },
  })

async function runOnce(context: NodeContext<Config>, session: Session, list: readonly string[]) {
  let affected = 0
  for (const sql of list) affected += (await session.execute({ sql, params: context.params })).affected ?? 0
  return { updated: affected }
}

async function runPerRow(context: NodeContext<Config>, session: Session, list: readonly string[], input: NodeInput) {
  let rowsIn = 0
  async function* values() {
    const reader = new WireReader()
    for await (const piece of input.bytes({ lists: 'json' })) {
      for (const fields of reader.pushBytes(piece)) {
        rowsIn++
        yield bound(context.params, input, typedRow(fields, input.columns))
      }
      context.progress({ rowsIn })
    }
    reader.end()
  }
  const affected = await session.executeMany({ sql: list[0] ?? '' }, values())
  return { rowsIn, updated: affected }
}

function bound(
  params: Record<string, BoundValue>,
  input: NodeInput,
  row: ReturnType<typeof typedRow>,
): Record<string, BoundValue> {
  const values: Record<string, BoundValue> = { ...params }
  input.columns.forEach((column, index) => {
    values[column.name] = { type: column.type, value: row[index] ?? null }
  })
  return values
}
