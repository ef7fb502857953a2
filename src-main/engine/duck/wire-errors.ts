import { type Column, formatType } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { duckError } from './errors.ts'

/** A stream that is read into the engine, and what its fields are called there: `<prefix>_<position>`. */
export interface WireSource {
  /** Where it comes from, in a pipeline. */
  node?: string
  prefix: string
  columns: readonly Column[]
}

const unread = /converting column "(\w+)"\. Could not convert string "([\s\S]*?)" to '/
const misfit = /^Column (\w+) holds "/
const fieldName = /\b(f\d+)_(\d+)\b/g

/**
 * An engine's error about a field of a stream, in the words of its column and at the node that it comes from; undefined for errors that name
 * no field.
 */
export function wireError(thrown: unknown, sources: readonly WireSource[]): AppError | undefined {
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  const known = (field: string) => {
    const [, prefix, position] = /^(f\d+)_(\d+)$/.exec(field) ?? []
    const source = sources.find((one) => one.prefix === prefix)
    const column = source?.columns[Number(position)]
    return source && column && { source, column }
  }
  const broken = unread.exec(text)
  const found = known(broken?.[1] ?? '')
  if (broken && found) {
    const { source, column } = found
    return new AppError(
      'DATA_TYPE',
      `Column ${column.name} holds "${broken[2]}", which is no ${formatType(column.type)} here.`,
      {
        cause: thrown,
        hint,
        ...placeOf(source),
      },
    )
  }
  if (![...text.matchAll(fieldName)].some(([field]) => known(field))) return undefined
  const error = duckError(thrown)
  const message = error.message.replace(fieldName, (field) => known(field)?.column.name ?? field)
  const origin = known(misfit.exec(error.message)?.[1] ?? '')
  return new AppError(error.code, message, {
    cause: thrown,
    ...(origin ? { hint, ...placeOf(origin.source) } : {}),
  })
}

/** What the engine said, also where it was put into words on the way. */
export const rawError = (error: unknown): unknown =>
  error instanceof AppError && error.cause !== undefined ? error.cause : error

const placeOf = ({ node }: WireSource) => (node === undefined ? {} : { at: { node } })

const hint = 'Cast the column in the query that reads it, for instance to text, double precision or numeric(38,20).'
