import { inUtc } from '../data/moments.ts'
import { type ColumnType, formatType } from '../data/types.ts'
import { type Cell, parseCell } from '../data/wire.ts'
import { AppError } from '../errors.ts'
import { didYouMean } from '../nearest.ts'
import type { Problem } from './problems.ts'
import type { Parameter, ParameterType } from './schema.ts'

/** A parameter's value and the column type it is bound as. */
export interface ParameterValue {
  type: ColumnType
  value: Cell
}

const columnTypes: Record<ParameterType, ColumnType> = {
  text: { kind: 'text' },
  int: { kind: 'int64' },
  float: { kind: 'float64' },
  decimal: { kind: 'decimal' },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  timestamp: { kind: 'timestamp' },
  timestamptz: { kind: 'timestamptz' },
  uuid: { kind: 'uuid' },
  json: { kind: 'json' },
}

/**
 * Types and checks the values of a run. `given` holds texts (command line) or JSON values; what is not given takes its
 * default, and an optional one without a default is NULL. An empty text is a value of `text` and an error elsewhere.
 * @throws AppError CONFIG_PARAMETER for an unknown name, a missing value, a wrong type or a value out of range.
 */
export function resolveParameters(
  parameters: readonly Parameter[],
  given: Readonly<Record<string, unknown>>,
): Record<string, ParameterValue> {
  const names = parameters.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) throw unknownParameter(unknown, names)
  return Object.fromEntries(
    parameters.map((parameter) => {
      const value = Object.hasOwn(given, parameter.name) ? given[parameter.name] : undefined
      return [parameter.name, { type: columnTypes[parameter.type], value: resolve(parameter, value) }]
    }),
  )
}

function unknownParameter(name: string, names: readonly string[]): AppError {
  const all = names.length === 0 ? 'The pipeline has no parameters.' : `Parameters are ${names.join(', ')}.`
  return new AppError('CONFIG_PARAMETER', `The pipeline has no parameter "${name}".`, {
    hint: didYouMean(name, names, all),
  })
}

function resolve(parameter: Parameter, given: unknown): Cell {
  const value = given === undefined ? parameter.default : given
  if (value === undefined || value === null) {
    if (parameter.optional || (given === undefined && value === null)) return null
    throw new AppError('CONFIG_PARAMETER', `The parameter "${parameter.name}" needs a value.`, {
      hint: `Give it, for example --param ${parameter.name}=${example(parameter)}, or a "default" in the pipeline.`,
      at: { field: parameter.name },
    })
  }
  const cell = readValue(parameter, value)
  checkValues(parameter, cell)
  checkRange(parameter, cell)
  return cell
}

const examples: Record<ParameterType, string> = {
  text: 'hello',
  int: '42',
  float: '0.5',
  decimal: '12.50',
  boolean: 'true',
  date: '2024-01-31',
  timestamp: '"2024-01-31 12:30:00"',
  timestamptz: '"2024-01-31 12:30:00+01:00"',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  json: `'{"a":1}'`,
}

function example(parameter: Parameter): string {
  const [first] = parameter.values ?? []
  return first === undefined ? examples[parameter.type] : String(first)
}

function wrong(parameter: Parameter, value: unknown, cause?: unknown): AppError {
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  const short = shown === undefined ? typeof value : shown.length > 60 ? `${shown.slice(0, 60)}…` : shown
  return new AppError('CONFIG_PARAMETER', `The parameter "${parameter.name}": "${short}" is no ${parameter.type}.`, {
    hint: `Write it like ${examples[parameter.type]}.`,
    at: { field: parameter.name },
    cause,
  })
}

/** A JSON value or a text as a cell of the parameter's type, in the text forms of the wire format. */
function readValue(parameter: Parameter, value: unknown): Cell {
  if (parameter.type === 'json') return readJson(parameter, value)
  if (typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'number') {
    return readText(parameter, String(value), value)
  }
  if (typeof value !== 'string') throw wrong(parameter, value)
  return readText(parameter, parameter.type === 'text' ? value : value.trim(), value)
}

function readJson(parameter: Parameter, value: unknown): Cell {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null'
  try {
    JSON.parse(value)
    return value
  } catch (cause) {
    throw wrong(parameter, value, cause)
  }
}

function readText(parameter: Parameter, text: string, value: unknown): Cell {
  const type = columnTypes[parameter.type]
  const allowed: Partial<Record<ParameterType, (text: string) => string | undefined>> = {
    float: (source) => (/^[+-]?0[xob]/i.test(source) ? undefined : source),
    decimal: (source) => (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(source) ? source : undefined),
    date: dateText,
    timestamp: timestampText,
    timestamptz: zonedText,
    uuid: (source) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(source) ? source.toLowerCase() : undefined),
  }
  const normal = (allowed[parameter.type] ?? ((source: string) => source))(text)
  if (normal === undefined) throw wrong(parameter, value)
  try {
    const cell = parseCell(normal, type)
    if (typeof cell === 'bigint' && BigInt.asIntN(64, cell) !== cell) throw wrong(parameter, value)
    return cell
  } catch (cause) {
    throw wrong(parameter, value, cause)
  }
}

function dateText(text: string): string | undefined {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)?.slice(1).map(Number)
  const [year = 0, month = 0, day = 0] = parts ?? []
  const days = [
    31,
    year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28,
    31,
    30,
    31,
    30,
    31,
    31,
    30,
    31,
    30,
    31,
  ]
  return year >= 1 && day >= 1 && day <= (days[month - 1] ?? 0) ? text : undefined
}

const timePattern = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/

function timestampText(text: string): string | undefined {
  const [date = '', time = '00:00:00', ...rest] = text.split(/[T ]/)
  if (rest.length > 0 || dateText(date) === undefined || !timePattern.test(time)) return undefined
  return `${date} ${time.length === 5 ? `${time}:00` : time}`
}

/** A timestamp with its zone, as UTC in the wire's form. */
function zonedText(text: string): string | undefined {
  const match = /^(.*?)(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$/i.exec(text)
  const local = timestampText(match?.[1]?.trimEnd() ?? '')
  if (!match || local === undefined) return undefined
  const minutes = (Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)) * (match[2] === '-' ? -1 : 1)
  if (Math.abs(minutes) > 15 * 60 || Number(match[4] ?? 0) > 59) return undefined
  const utc = inUtc(`${local}${match[2] === undefined ? 'Z' : `${match[2]}${match[3]}:${match[4] ?? '00'}`}`)
  return utc === undefined || dateText(utc.slice(0, 10)) === undefined ? undefined : `${utc}+00`
}

function checkValues(parameter: Parameter, cell: Cell): void {
  if (!parameter.values) return
  if (parameter.values.some((value) => value !== null && readValue(parameter, value) === cell)) return
  const all = parameter.values.map((value) => JSON.stringify(value)).join(', ')
  throw new AppError('CONFIG_PARAMETER', `The parameter "${parameter.name}" may not be ${show(cell)}.`, {
    hint: `Allowed: ${all}.`,
    at: { field: parameter.name },
  })
}

function checkRange(parameter: Parameter, cell: Cell): void {
  const bounds = [
    { bound: parameter.min, sign: 1, word: 'at least' },
    { bound: parameter.max, sign: -1, word: 'at most' },
  ]
  for (const { bound, sign, word } of bounds) {
    if (bound === undefined || compare(cell, readValue(parameter, bound), parameter.type) * sign >= 0) continue
    throw new AppError('CONFIG_PARAMETER', `The parameter "${parameter.name}" is ${show(cell)}.`, {
      hint: `It must be ${word} ${bound}.`,
      at: { field: parameter.name },
    })
  }
}

const show = (cell: Cell) => (typeof cell === 'string' ? `"${cell}"` : String(cell))

/** Sign of a - b. Not a number is outside every range. */
function compare(a: Cell, b: Cell, type: ParameterType): number {
  if (type === 'decimal') return compareDecimals(String(a), String(b))
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

function compareDecimals(a: string, b: string): number {
  const places = Math.max(...[a, b].map((text) => text.split('.')[1]?.length ?? 0))
  const scaled = (text: string) => {
    const [whole = '', fraction = ''] = text.replace(/^[+-]/, '').split('.')
    const size = BigInt(`${whole}${fraction.padEnd(places, '0')}` || '0')
    return text.startsWith('-') ? -size : size
  }
  const difference = scaled(a) - scaled(b)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Defaults, bounds and allowed values that do not fit their own parameter. */
export function checkDefaults(parameters: readonly Parameter[]): Problem[] {
  return parameters.flatMap((parameter, index): Problem[] => {
    const parts: [string, unknown][] = [
      ['default', parameter.default],
      ['min', parameter.min],
      ['max', parameter.max],
    ]
    const flawed = parts.find(([, value]) => value !== undefined && value !== null && !readable(parameter, value))
    const values = parameter.values?.findIndex((value) => !readable(parameter, value)) ?? -1
    const path = ['parameters', index]
    if (flawed) return [unreadable(parameter, [...path, flawed[0]], flawed[1])]
    if (values >= 0) return [unreadable(parameter, [...path, 'values', values], parameter.values?.[values])]
    if (parameter.default === undefined || parameter.default === null) return []
    try {
      resolve(parameter, parameter.default)
      return []
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      return [{ code: 'CONFIG_PARAMETER', path: [...path, 'default'], message: error.message, hint: error.hint ?? '' }]
    }
  })
}

function readable(parameter: Parameter, value: unknown): boolean {
  try {
    readValue(parameter, value)
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

function unreadable(parameter: Parameter, path: Problem['path'], value: unknown): Problem {
  const { message } = wrong(parameter, value)
  const hint = `A value of type ${parameter.type} (${formatType(columnTypes[parameter.type])}) is written like ${examples[parameter.type]}.`
  return { code: 'CONFIG_PARAMETER', path, message, hint }
}
