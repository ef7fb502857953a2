import { z } from 'zod'
import { unwrap } from '../pipeline/words.ts'

/** What a schema says of one setting. */
export interface Setting {
  description: string
  /** What holds when nothing is said; undefined when nothing does. */
  fallback: unknown
  required: boolean
  schema: z.ZodType
}

/** The setting of that name; of a union, the first member that has it. Undefined when none has. */
export function settingOf(schema: z.ZodType, name: string): Setting | undefined {
  const found = propertyOf(schema, name)
  if (!found) return undefined
  return {
    description: descriptionOf(found),
    fallback: fallbackOf(found),
    required: !found.safeParse(undefined).success,
    schema: found,
  }
}

/** The schema of a list's items. */
export function itemSchema(schema: z.ZodType): z.ZodType | undefined {
  const here = unwrap(schema)
  return here instanceof z.ZodArray && here.element instanceof z.ZodType ? here.element : undefined
}

function propertyOf(schema: z.ZodType, name: string): z.ZodType | undefined {
  const here = unwrap(schema)
  if (here instanceof z.ZodUnion) {
    const options = here.options.filter((option) => option instanceof z.ZodType)
    return options.map((option) => propertyOf(option, name)).find((found) => found !== undefined)
  }
  const found: unknown = here instanceof z.ZodObject && Object.hasOwn(here.shape, name) ? here.shape[name] : undefined
  return found instanceof z.ZodType ? found : undefined
}

/** The outermost description: wrappers such as `optional` may stand outside of it. */
function descriptionOf(schema: z.ZodType): string {
  if (schema.description !== undefined) return schema.description
  return innerOf(schema)?.description ?? unwrap(schema).description ?? ''
}

function fallbackOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodDefault) return schema.def.defaultValue
  const inner = innerOf(schema)
  return inner && fallbackOf(inner)
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  if (!(schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault))
    return undefined
  const inner: unknown = schema.unwrap()
  return inner instanceof z.ZodType ? inner : undefined
}
