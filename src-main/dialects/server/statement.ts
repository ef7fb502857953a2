import { AppError } from '../../../shared/errors.ts'
import { type Lexis, splitStatements } from '../../../shared/sql/placeholders.ts'

/** The one statement that a text holds. @throws AppError QUERY_SYNTAX when there is none, or several */
export function oneStatement(sql: string, lexis: Lexis) {
  const [statement, second] = splitStatements(sql, lexis)
  if (!statement)
    throw new AppError('QUERY_SYNTAX', 'There is no statement to run.', { hint: 'Write one SQL statement.' })
  if (second)
    throw new AppError('QUERY_SYNTAX', 'Only one statement can be run here.', {
      hint: 'Keep one statement, or run several with an execute node.',
      at: { position: second.start },
    })
  return statement
}
