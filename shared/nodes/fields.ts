import { z } from 'zod'
import { parseType } from '../data/types.ts'
import { AppError } from '../errors.ts'

/** Parts of configs that several kinds share. */

export const columnName = z.string().min(1)

/** A column type as documents write it; refused at once when it names none. */
export const columnType = z.string().check(({ value, issues }) => {
  try {
    parseType(value)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    issues.push({ code: 'custom', input: value, message: `${error.message} ${error.hint ?? ''}`.trim() })
  }
})

/** A DuckDB SQL expression over the columns that arrive. */
export const sqlExpression = z.string().min(1)
