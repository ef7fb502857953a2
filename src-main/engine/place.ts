import { AppError } from '../../shared/errors.ts'
import { nearestFew } from '../../shared/nearest.ts'
import type { NodeDefinition } from '../../shared/nodes/define.ts'
import { lexis, tokenizeSql } from '../../shared/sql/placeholders.ts'
import type { BoundValue } from '../dialects/dialect.ts'
import { bindParameters } from './duck/parameters.ts'

type Params = Readonly<Record<string, BoundValue>>

/** What a failed SELECT was made from. */
export interface Origin {
  select: string
  definition: NodeDefinition
  config: unknown
  params: Params
  /** Names of the columns that arrive, whatever the port. */
  columns: readonly string[]
  /** Names of the tables that a query may read. */
  tables?: readonly string[]
}

/**
 * The binder's complaint about a transform's SELECT, told of the field that the user wrote: with its path, the position in
 * its text, and in our words. An error that has a field already stays as it is.
 */
export function placeInField(error: AppError, origin: Origin): AppError {
  if (error.at.field !== undefined || error.code === 'RUN_CANCELLED') return error
  if (error.code === 'CONFIG_PARAMETER') return error.placed(placeholderAt(error.message, origin) ?? {})
  const found = fieldAt(error.at.position, origin)
  const { message, hint } = inWords(error, origin, found?.ended ?? false)
  const { position: _inSelect, ...at } = error.at
  return new AppError(error.code, message, {
    hint,
    at: { ...at, ...(found && { field: found.field, position: found.position }) },
    retryable: error.retryable,
    cause: error.cause,
  })
}

function fieldAt(position: number | undefined, { select, definition, config, params }: Origin) {
  if (position === undefined || typeof config !== 'object' || config === null) return undefined
  const fields = definition.parameterFields ?? []
  for (const { field, text } of fields.flatMap((name) => textsIn(Reflect.get(config, name), name))) {
    const written = text.replace(/[;\s]+$/, '')
    const bound = bindParameters(written, params)
    for (let start = select.indexOf(bound); start >= 0; start = select.indexOf(bound, start + 1)) {
      // A text that ends too soon is noticed at the bracket that follows it.
      if (bound === '' || position < start || position > start + bound.length + 1) continue
      const inText = Math.min(unbound(written, position - start, params), written.length)
      return { field, position: inText, ended: position >= start + bound.length }
    }
  }
  return undefined
}

/** Where the parameter stands that a message says is unknown. */
function placeholderAt(message: string, { definition, config }: Pick<Origin, 'definition' | 'config'>) {
  const name = /no parameter "(.+?)"/.exec(message)?.[1]
  if (typeof config !== 'object' || config === null) return undefined
  const fields = definition.parameterFields ?? []
  for (const { field, text } of fields.flatMap((key) => textsIn(Reflect.get(config, key), key))) {
    const tokens = tokenizeSql(text, lexis.duckdb)
    const token = tokens.find((candidate) => candidate.type === 'placeholder' && candidate.name === name)
    if (token) return { field, position: token.start }
  }
  return undefined
}

function textsIn(value: unknown, field: string): { field: string; text: string }[] {
  if (typeof value === 'string') return [{ field, text: value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, `${field}.${key}`))
}

/** The position in the text as written, before its parameters were replaced. */
export function unbound(text: string, position: number, params: Params): number {
  let bound = 0
  for (const token of tokenizeSql(text, lexis.duckdb)) {
    const length = token.type === 'placeholder' ? bindParameters(token.text, params).length : token.text.length
    if (position < bound + length) return token.start + (token.type === 'placeholder' ? 0 : position - bound)
    bound += length
  }
  return text.length
}

function inWords(
  error: AppError,
  { columns, tables = [] }: Origin,
  ended: boolean,
): { message: string; hint: string | undefined } {
  const column = /^Referenced column "(.+?)" not found/.exec(error.message)?.[1]
  if (column !== undefined) {
    const near = nearestFew(column, columns)
    const all = `Columns that arrive: ${columns.join(', ') || 'none'}.`
    return {
      message: `The column "${column}" does not arrive here.`,
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : all,
    }
  }
  const table = /^Table with name (\S+) does not exist/.exec(error.message)?.[1]
  if (table !== undefined) {
    return {
      message: `There is no table ${table} here.`,
      hint: tables.length > 0 ? `The inputs are ${tables.join(', ')}.` : 'No rows arrive here: wire an input first.',
    }
  }
  const called = /^(?:Scalar |Aggregate |Table )?Function with name (\S+) does not exist/.exec(error.message)?.[1]
  if (called !== undefined) return { message: `There is no function ${called}.`, hint: error.hint }
  if (error.code === 'QUERY_SYNTAX' && ended) {
    return { message: 'It ends too soon: something is missing at the end.', hint: error.hint }
  }
  return { message: error.message.replace(/!+$/, '.').replace(/^s(?=yntax error)/, 'S'), hint: error.hint }
}
