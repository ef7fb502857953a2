import { AppError } from '../../../../shared/errors.ts'
import type { ExecuteResult, Session } from '../../../dialects/dialect.ts'
import { inText } from '../session-errors.ts'
import type { ToExplain } from './types.ts'

/** Asks for a statement's plan. @param before what stands before the statement then @throws AppError with the position in the text that was given */
export async function ask(
  session: Session,
  before: string,
  { sql, from, params }: Pick<ToExplain, 'sql' | 'from' | 'params'>,
): Promise<ExecuteResult> {
  try {
    return await session.execute({ sql: before + sql, params })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const { position } = error.at
    if (position !== undefined && position < before.length) throw new NotAsked(error)
    throw inText(error, from - before.length)
  }
}

/** The database did not get as far as the statement: it does not know the question. */
export class NotAsked extends AppError {
  constructor({ code, message, hint, retryable, sqlState, cause }: AppError) {
    super(code, message, {
      ...(hint !== undefined && { hint }),
      ...(sqlState !== undefined && { sqlState }),
      retryable,
      cause,
    })
  }
}
