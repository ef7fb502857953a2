import type { QueryValue } from '../../../../shared/contract/queries.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { SqlDialect } from '../../../../shared/sql/placeholders.ts'
import { isQuery, statementsOf } from '../../../../shared/sql/statements.ts'
import type { Database, Session } from '../../../dialects/dialect.ts'
import { valuesFor } from '../values.ts'
import { explainMysql } from './mysql.ts'
import { explainPostgres } from './postgres.ts'
import { explainSqlite } from './sqlite.ts'
import type { Explained, ToExplain } from './types.ts'

const explainers = { postgres: explainPostgres, sqlite: explainSqlite, mysql: explainMysql }

export interface ExplainRequest {
  sql: string
  params: Readonly<Record<string, QueryValue>>
  analyze: boolean
}

/** The one statement that is to be explained. @throws AppError QUERY_SYNTAX, CONFIG_PARAMETER */
export function toExplain({ sql, params, analyze }: ExplainRequest, dialect: SqlDialect): ToExplain {
  const statements = statementsOf(sql, dialect)
  const [only, more] = statements
  if (!only) throw new AppError('QUERY_SYNTAX', 'There is no statement to explain.')
  if (more) {
    throw new AppError('QUERY_SYNTAX', 'Only one statement can be explained at a time.', {
      at: { position: more.from },
    })
  }
  const { from, to } = only
  return { sql: sql.slice(from, to), from, params: valuesFor(statements, { id: dialect }, params), analyze }
}

/**
 * The plan of one statement. With `analyze` it is really run; what it writes is rolled back.
 * @throws AppError QUERY_* with the position in the text; CONFIG_INVALID where the database cannot tell how a statement went
 */
export async function explain(session: Session, { dialect }: Database, request: ExplainRequest): Promise<Explained> {
  const wanted = toExplain(request, dialect.id)
  const work = () => explainers[dialect.id](session, wanted)
  if (!wanted.analyze || isQuery(wanted.sql, dialect.id)) return work()
  if (dialect.commitsItself(wanted.sql)) {
    throw new AppError(
      'CONFIG_INVALID',
      'The statement commits by itself, so it cannot be run just to see how it goes.',
    )
  }
  return undone(session, work)
}

/** Does work whose changes do not stay. */
async function undone<T>(session: Session, work: () => Promise<T>): Promise<T> {
  if (session.standing === 'idle') {
    await session.begin()
    try {
      return await work()
    } finally {
      await session.rollback()
    }
  }
  await session.execute({ sql: 'savepoint sluice_explain' })
  try {
    return await work()
  } finally {
    await session.execute({ sql: 'rollback to savepoint sluice_explain' })
  }
}
