import type { SchemaObject, SchemaObjects } from '../../shared/contract/schema.ts'

/** A table or view, with what searching it takes. */
export interface ListedObject {
  id: string
  object: SchemaObject
  lower: string
}

export interface ListedSchema {
  id: string
  name: string
  objects: readonly ListedObject[]
}

/** What a database holds, in the order it is shown. */
export interface Listing {
  schemas: readonly ListedSchema[]
  /** Objects that stand above no schema, in a database that has none. */
  loose: readonly ListedObject[]
  defaultSchema: string | null
  /** Every object by its id. */
  byId: ReadonlyMap<string, SchemaObject>
}

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** Names rows of the tree for as long as the database calls things so. */
export const idOf = (...parts: (string | null)[]): string => JSON.stringify(parts)
export const schemaId = (schema: string): string => idOf('schema', schema)
export const objectId = ({ schema, name }: Pick<SchemaObject, 'schema' | 'name'>): string => idOf(schema, name)

/** Sorts and prepares a database's objects once, so that searching them is only comparing; the default schema comes first. */
export function listObjects({ schemas, defaultSchema, objects }: SchemaObjects): Listing {
  const bySchema = new Map<string | null, ListedObject[]>([...schemas].map((name) => [name, []]))
  const byId = new Map<string, SchemaObject>()
  const sorted = [...objects].sort((a, b) => byName.compare(a.name, b.name))
  for (const object of sorted) {
    const id = objectId(object)
    byId.set(id, object)
    const entry = { id, object, lower: object.name.toLowerCase() }
    const known = bySchema.get(object.schema)
    if (known) known.push(entry)
    else bySchema.set(object.schema, [entry])
  }
  const loose = bySchema.get(null) ?? []
  bySchema.delete(null)
  const names = [...bySchema.keys()].filter((name) => name !== null)
  names.sort((a, b) => Number(b === defaultSchema) - Number(a === defaultSchema) || byName.compare(a, b))
  return {
    schemas: names.map((name) => ({ id: schemaId(name), name, objects: bySchema.get(name) ?? [] })),
    loose,
    defaultSchema,
    byId,
  }
}
