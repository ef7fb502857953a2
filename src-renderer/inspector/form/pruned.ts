import type { FormField } from '../../../shared/nodes/form.ts'

type Values = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whether a field is shown: it has a meaning, or a value that somebody must see. */
export const isShown = (field: FormField, values: Values): boolean =>
  !field.when || field.when(values) || values[field.name] !== undefined

/** The values without those that lost their meaning by the change: they would be refused, or lie in wait unseen. */
export function pruned(fields: readonly FormField[], before: Values, after: Values): Record<string, unknown> {
  const lost = fields.filter(({ name, when }) => when && after[name] !== undefined && when(before) && !when(after))
  const left = Object.entries(after).filter(([name]) => !lost.some((field) => field.name === name))
  return Object.fromEntries(left)
}
