import { AppError } from '../../../shared/errors.ts'
import type { BoundValue, Statement } from '../dialect.ts'

/** The values for the placeholders, in order. @throws AppError CONFIG_PARAMETER when one has no value */
export function boundValues(names: readonly string[], params: Statement['params'] = {}): BoundValue[] {
  return names.map((name) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    if (!value)
      throw new AppError('CONFIG_PARAMETER', `The statement uses :${name}, but no value is given for it.`, {
        hint: `Give the parameter "${name}" a value, or write the colon inside quotes.`,
      })
    return value
  })
}
