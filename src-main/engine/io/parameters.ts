import { cellText } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import type { BoundValue } from '../../dialects/dialect.ts'

export type Parameters = Record<string, BoundValue>

/** A pipeline parameter by name. @throws AppError CONFIG_PARAMETER when the pipeline declares none of that name */
export function parameter(params: Parameters, name: string, field: string): BoundValue {
  const bound = Object.hasOwn(params, name) ? params[name] : undefined
  if (bound !== undefined) return bound
  const names = Object.keys(params)
  throw new AppError('CONFIG_PARAMETER', `There is no parameter ${name}, which ${field} uses as {{${name}}}.`, {
    hint:
      names.length === 0
        ? 'Declare it under "parameters" of the pipeline.'
        : `Parameters of the pipeline: ${names.join(', ')}. A literal {{${name}}} is written \\{{${name}}}.`,
    at: { field },
  })
}

/** Its value as text; NULL is an empty text. */
export function parameterText(params: Parameters, name: string, field: string): string {
  const { value, type } = parameter(params, name, field)
  return value === null ? '' : cellText(value, type)
}
