import { isObject } from '../../../../shared/data/json-path.ts'
import type { ColumnType } from '../../../../shared/data/types.ts'
import type { Cell } from '../../../../shared/data/wire.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { JsonPath } from '../../../../shared/sql/json-path.ts'
import { fillTemplate, soleName } from '../../../../shared/template.ts'
import { parseExactJson } from '../exact-json.ts'
import { type Parameters, parameter, parameterText } from '../parameters.ts'

/**
 * A body template with its parameters filled in, as a value for `JSON.stringify`. A text that is only `{{name}}` becomes the value with
 * its type, every digit kept; inside longer text it becomes text. A value never becomes structure, unless its type is json or a list.
 * @throws AppError CONFIG_PARAMETER
 */
export function fillBody(template: unknown, params: Parameters): unknown {
  if (typeof template === 'string') {
    const name = soleName(template)
    if (name === undefined) return fillTemplate(template, (used) => parameterText(params, used, 'body'))
    const { value, type } = parameter(params, name, 'body')
    return jsonValue(value, type, name)
  }
  if (Array.isArray(template)) return template.map((item: unknown) => fillBody(item, params))
  if (!isObject(template)) return template
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fillBody(value, params)]))
}

function jsonValue(value: Cell, type: ColumnType, name: string): unknown {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return JSON.rawJSON(value.toString())
  if (Array.isArray(value)) return value.map((item) => jsonValue(item, type.kind === 'list' ? type.of : type, name))
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value
    throw new AppError('CONFIG_PARAMETER', `The parameter ${name} is ${value}, for which JSON has no number.`, {
      at: { field: 'body' },
    })
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (type.kind === 'json') return parseExactJson(value)
  const isNumber = type.kind === 'decimal' && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value)
  return isNumber ? JSON.rawJSON(value) : value
}

/** The body with a value set at a path; objects on the way are made where they are missing. */
export function withValue(body: unknown, path: JsonPath, value: unknown): unknown {
  const [step, ...rest] = path
  if (step === undefined) return value
  if (body !== undefined && body !== null && !isObject(body)) {
    throw new AppError(
      'CONFIG_INVALID',
      `The body has no place for the page parameter ${path.join('.')}: it is not an object there.`,
      {
        at: { field: 'pagination' },
      },
    )
  }
  const object = body ?? {}
  const inner = Object.hasOwn(object, step) ? Object.entries(object).find(([key]) => key === step)?.[1] : undefined
  return { ...object, [step]: withValue(inner, rest, value) }
}
