import { toAppError } from '../../shared/errors.ts'
import { resolveParameters } from '../../shared/pipeline/parameters.ts'
import type { Json, Parameter } from '../../shared/pipeline/schema.ts'

/** A value as a field shows it; empty where there is none. */
export function fieldText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What a field holds, as a value to run with; undefined leaves it to the default. */
export function fieldValue(parameter: Parameter, text: string): Json | undefined {
  return text === '' && (parameter.type !== 'text' || parameter.default !== undefined || parameter.optional)
    ? undefined
    : text
}

/** Why a value does not do, in words; undefined when it does. */
export function valueProblem(parameter: Parameter, value: Json | undefined): string | undefined {
  try {
    resolveParameters([parameter], value === undefined ? {} : { [parameter.name]: value })
    return undefined
  } catch (thrown) {
    const { message, hint } = toAppError(thrown)
    // The hint of a missing value speaks of the command line.
    return value === undefined || hint === undefined ? message : `${message} ${hint}`
  }
}
