import { AppError } from '../errors.ts'
import { aggregate } from './aggregate.ts'
import { assert } from './assert.ts'
import { code } from './code.ts'
import type { NodeDefinition, NodeRegistry } from './define.ts'
import { derive } from './derive.ts'
import { distinct } from './distinct.ts'
import { execute } from './execute.ts'
import { file } from './file.ts'
import { filter } from './filter.ts'
import { flatten } from './flatten.ts'
import { http } from './http.ts'
import { join } from './join.ts'
import { limit } from './limit.ts'
import { load } from './load.ts'
import { pivot } from './pivot.ts'
import { query } from './query.ts'
import { rows } from './rows.ts'
import { select } from './select.ts'
import { sort } from './sort.ts'
import { sql } from './sql.ts'
import { table } from './table.ts'
import { union } from './union.ts'
import { unpivot } from './unpivot.ts'
import { window } from './window.ts'
import { writeFile } from './write-file.ts'

/** One line for each kind, in alphabetical order. */
const definitions: readonly NodeDefinition[] = [
  erase(aggregate),
  erase(assert),
  erase(code),
  erase(derive),
  erase(distinct),
  erase(execute),
  erase(file),
  erase(filter),
  erase(flatten),
  erase(http),
  erase(join),
  erase(limit),
  erase(load),
  erase(pivot),
  erase(query),
  erase(rows),
  erase(select),
  erase(sort),
  erase(sql),
  erase(table),
  erase(union),
  erase(unpivot),
  erase(window),
  erase(writeFile),
]

const byKind = new Map(definitions.map((definition) => [definition.kind, definition]))

/** Every node kind of the product. */
export const registry: NodeRegistry = {
  get: (kind) => byKind.get(kind),
  kinds: () => definitions.map((definition) => definition.kind),
}

/**
 * Hides a definition's config type, so that one list can hold them all: its functions take any value, parse it, and
 * throw AppError CONFIG_INVALID with the path of the field when it does not fit.
 */
export function erase<C>(definition: NodeDefinition<C>): NodeDefinition {
  const { sql, readsOnce, ...rest } = definition
  return {
    ...rest,
    summary: (value) => definition.summary(parseConfig(definition, value)),
    ...(sql && { sql: (value, inputs) => sql(parseConfig(definition, value), inputs) }),
    ...(readsOnce && { readsOnce: (value) => readsOnce(parseConfig(definition, value)) }),
  }
}

function parseConfig<C>(definition: NodeDefinition<C>, value: unknown): C {
  const parsed = definition.config.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  const reason = `${field === '' ? '' : `${field}: `}${issue?.message ?? 'the config does not fit.'}`
  throw new AppError('CONFIG_INVALID', `The ${definition.kind} node is not set up right: ${reason}`, {
    at: field === '' ? {} : { field },
  })
}
