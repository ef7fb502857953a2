import { z } from 'zod'
import { type Column, type ColumnType, parseType } from '../data/types.ts'
import { fields } from './form.ts'

/** A column type as a document writes it, e.g. `int64` or `decimal(38,10)`. */
export const typeText = z.string().refine(namesType, {
  error: 'is not a column type; types are e.g. text, int64, float64, decimal(18,2), timestamptz, list(text)',
})

/** As `typeText`, for types that values are cast to here: the embedded engine's decimals have 38 digits at most. */
export const castType = typeText.refine((text) => !namesType(text) || !isTooLong(parseType(text)), {
  error: 'has more digits than can be reckoned with here; decimals have up to 38',
})

function isTooLong(type: ColumnType): boolean {
  if (type.kind === 'list') return isTooLong(type.of)
  return type.kind === 'decimal' && (type.precision ?? 0) > 38
}

/** A named, typed column as a document declares it. */
export const columnSpec = z.strictObject({
  name: z.string().min(1).describe('Name of the column.'),
  type: typeText.describe('Type of the column, e.g. `int64`, `text`, `decimal(18,2)`.'),
})

export const specFields = fields<z.infer<typeof columnSpec>>(
  { name: 'name', label: 'Name', editor: 'text' },
  { name: 'type', label: 'Type', editor: 'type' },
)

/** A non-empty list of columns whose names differ (case ignored, as the embedded engine ignores it). */
export function columnList<T extends z.ZodType<{ name: string }>>(item: T) {
  return z
    .array(item)
    .min(1)
    .superRefine((columns, context) => {
      const seen = new Set<string>()
      columns.forEach((column, index) => {
        const name = column.name.toLowerCase()
        if (seen.has(name)) {
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `two columns are called ${column.name}; names that differ only in case count as equal`,
          })
        }
        seen.add(name)
      })
    })
}

/** Columns as the engine sees them. @throws AppError CONFIG_INVALID when a type is not one. */
export function columnsOf(specs: readonly { name: string; type: string }[]): Column[] {
  return specs.map((spec) => ({ name: spec.name, type: parseType(spec.type) }))
}

function namesType(text: string): boolean {
  try {
    parseType(text)
    return true
  } catch {
    return false
  }
}
