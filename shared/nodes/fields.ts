import { z } from 'zod'
import { findColumn, ref } from './columns.ts'
import type { InputRelation } from './define.ts'
import { fields } from './form.ts'

/** Parts of configs that several transforms share. */

export const columnName = z.string().min(1)

/** A DuckDB SQL expression over the columns that arrive. */
export const sqlExpression = z.string().min(1)

export const sortKey = z.strictObject({
  column: columnName.describe('The column to order by.'),
  direction: z.enum(['asc', 'desc']).default('asc').describe('Smallest or largest value first.'),
  nulls: z.enum(['first', 'last']).default('last').describe('Where NULLs go, whatever the direction.'),
})
export type SortKey = z.infer<typeof sortKey>

export const sortFields = fields<SortKey>(
  { name: 'column', label: 'Column', editor: 'column' },
  {
    name: 'direction',
    label: 'Direction',
    editor: 'choice',
    options: [
      { value: 'asc', label: 'asc' },
      { value: 'desc', label: 'desc' },
    ],
  },
  {
    name: 'nulls',
    label: 'NULLs',
    editor: 'choice',
    options: [
      { value: 'last', label: 'last' },
      { value: 'first', label: 'first' },
    ],
  },
)

/** The terms of an ORDER BY, without the words. @throws AppError CONFIG_COLUMN */
export function orderTerms(keys: readonly SortKey[], input: InputRelation, field: string): string[] {
  return keys.map(({ column, direction, nulls }, index) => {
    const found = findColumn(input, column, `${field}.${index}.column`)
    return `${ref(found)} ${direction.toUpperCase()} NULLS ${nulls.toUpperCase()}`
  })
}

/** Sort keys in a few words: `day desc, id`. */
export const sortText = (keys: readonly SortKey[]) =>
  keys.map(({ column, direction }) => (direction === 'desc' ? `${column} desc` : column)).join(', ')
