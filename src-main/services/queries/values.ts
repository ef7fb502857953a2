import type { QueryValue } from '../../../shared/contract/queries.ts'
import { AppError } from '../../../shared/errors.ts'
import { resolveParameters } from '../../../shared/pipeline/parameters.ts'
import type { SqlDialect } from '../../../shared/sql/placeholders.ts'
import { parametersOf, type SqlStatement } from '../../../shared/sql/statements.ts'
import type { BoundValue } from '../../dialects/dialect.ts'

/**
 * Values for the `:names` of the statements, typed and checked.
 * @throws AppError CONFIG_PARAMETER with the name as `at.field`
 */
export function valuesFor(
  statements: readonly SqlStatement[],
  { id }: { id: SqlDialect },
  given: Readonly<Record<string, QueryValue>>,
): Record<string, BoundValue> {
  const names = [...new Set(statements.flatMap(({ sql }) => parametersOf(sql, id)))]
  const missing = names.find((name) => !Object.hasOwn(given, name))
  if (missing !== undefined) {
    throw new AppError('CONFIG_PARAMETER', `The parameter :${missing} has no value.`, {
      hint: 'Give it one, or put the colon in quotes if no parameter is meant.',
      at: { field: missing },
    })
  }
  const used = names.map((name) => ({ name, type: given[name]?.type ?? 'text', optional: true }))
  return resolveParameters(used, Object.fromEntries(names.map((name) => [name, given[name]?.value ?? null])))
}
