import { z } from 'zod'
import type { NodeDefinition } from '../nodes/define.ts'
import type { FieldEditor } from '../nodes/form.ts'
import { unwrap } from './words.ts'

const longText: readonly FieldEditor[] = ['sql', 'expression', 'code']
const remembered = new WeakMap<NodeDefinition, ReadonlySet<string>>()

/**
 * The top-level config fields of a kind that the file may write as a list of lines: those edited as SQL, expression or
 * code whose value is one text. A field that takes a list itself is left alone.
 */
export function lineFields(definition: NodeDefinition): ReadonlySet<string> {
  const known = remembered.get(definition)
  if (known) return known
  const fields = definition.form.filter((field) => longText.includes(field.editor)).map((field) => field.name)
  const found = new Set(fields.filter((name) => isText(fieldSchemas(definition.config, name))))
  remembered.set(definition, found)
  return found
}

function isText(schemas: readonly z.ZodType[]): boolean {
  return schemas.length > 0 && schemas.every((schema) => unwrap(schema) instanceof z.ZodString)
}

function fieldSchemas(schema: z.ZodType, name: string): z.ZodType[] {
  const here = unwrap(schema)
  if (here instanceof z.ZodUnion) {
    return here.options.flatMap((option) => (option instanceof z.ZodType ? fieldSchemas(option, name) : []))
  }
  const field: unknown = here instanceof z.ZodObject && Object.hasOwn(here.shape, name) ? here.shape[name] : undefined
  return field instanceof z.ZodType ? [field] : []
}

/** The config as it is in memory: lists of lines become texts. */
export function joinLines(config: Record<string, unknown>, definition: NodeDefinition): Record<string, unknown> {
  const fields = lineFields(definition)
  const join = (name: string, value: unknown) => {
    const lines =
      fields.has(name) && Array.isArray(value) && value.length > 0 && value.every((line) => typeof line === 'string')
    return lines ? value.join('\n') : value
  }
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, join(name, value)]))
}

/** Lines of one text, which the file never puts on one line. */
export class Lines extends Array<string> {}

/** The config as the file writes it: texts of several lines become lists of lines. */
export function splitLines(config: Record<string, unknown>, definition: NodeDefinition): Record<string, unknown> {
  const fields = lineFields(definition)
  const split = (name: string, value: unknown) =>
    fields.has(name) && typeof value === 'string' && value.includes('\n') ? Lines.from(value.split('\n')) : value
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [name, split(name, value)]))
}
