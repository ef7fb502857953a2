import { AppError } from '../../../shared/errors.ts'
import { didYouMean } from '../../../shared/nearest.ts'
import { duckType, quoteText } from '../../../shared/sql/duckdb.ts'
import { lexis, replacePlaceholders } from '../../../shared/sql/placeholders.ts'
import type { BoundValue } from '../../dialects/dialect.ts'

/**
 * Replaces `:name` by the session's variable of that name, cast to the parameter's type: the engine would otherwise type
 * it by its value, and columns would change with it.
 * @throws AppError CONFIG_PARAMETER for a name that is no parameter, and a decimal that would not stay exact
 */
export function bindParameters(sql: string, params: Readonly<Record<string, BoundValue>>): string {
  return replacePlaceholders(sql, lexis.duckdb, (name) => {
    const param = Object.hasOwn(params, name) ? params[name] : undefined
    if (!param) {
      throw new AppError('CONFIG_PARAMETER', `The pipeline has no parameter "${name}".`, {
        hint: didYouMean(name, Object.keys(params), 'Declare it under "parameters".'),
      })
    }
    const problem = parameterProblem(param)
    if (problem !== undefined) {
      throw new AppError('CONFIG_PARAMETER', `The parameter "${name}" has ${problem}.`, {
        hint: 'Make it a text parameter, and cast it in the SQL, e.g. CAST(:name AS DECIMAL(38,20)).',
      })
    }
    return `CAST(getvariable(${quoteText(name)}) AS ${duckType(param.type)})`
  })
}

/** What keeps the embedded engine from holding the value; in decimals without a declared scale it keeps ten decimals, whatever their value. */
export function parameterProblem({ type, value }: BoundValue): string | undefined {
  if (type.kind !== 'decimal' || type.precision !== undefined) return undefined
  const text = String(value)
  if (/\.\d{10}\d*[1-9]/.test(text)) return 'more than ten decimals, which would be cut here'
  return /^[-+]?0*[1-9]\d{28}/.test(text) ? 'more than 28 digits before the point, which do not fit here' : undefined
}
