import { AppError } from '../../../shared/errors.ts'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import { statementsOf } from '../../../shared/sql/statements.ts'

/** The one statement that a text holds. @throws AppError QUERY_SYNTAX when there is none, or several */
export function oneStatement(sql: string, dialect: SqlDialect) {
  const [statement, second] = statementsOf(sql, dialect)
  if (!statement)
    throw new AppError('QUERY_SYNTAX', 'There is no statement to run.', { hint: 'Write one SQL statement.' })
  if (second)
    throw new AppError('QUERY_SYNTAX', 'Only one statement can be run here.', {
      hint: 'Keep one statement, or run several with an execute node.',
      at: { position: second.start },
    })
  return statement
}
