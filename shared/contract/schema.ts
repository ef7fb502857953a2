import { oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { SchemaDetail, SchemaDiagram, SchemaFunction, SchemaObjects } from '../data/catalog.ts'

export type {
  DiagramColumn,
  DiagramRelation,
  DiagramTable,
  ObjectKind,
  SchemaCheck,
  SchemaColumn,
  SchemaDetail,
  SchemaDiagram,
  SchemaForeignKey,
  SchemaFunction,
  SchemaIndex,
  SchemaObject,
  SchemaObjects,
  SchemaReference,
  SchemaTrigger,
} from '../data/catalog.ts'

/** A connection by name, looked up from a folder. */
const place = z.object({ connection: z.string().min(1), folder: z.string() })
const object = place.extend({ schema: z.string().nullable(), name: z.string().min(1) })

/**
 * What a database holds, asked from its own catalog. A user sees what he has rights on; the rest is left out and is no error. Aborting a call
 * stops it at the database. @throws CONNECTION_* when it cannot be reached
 */
export const schema = {
  /** Everything at once, without columns. `refresh` forgets what was remembered of this database. */
  objects: oc.input(place.extend({ refresh: z.boolean().default(false) })).output(type<SchemaObjects>()),
  /** Without a schema, the name is looked for where the database itself would. Null when there is no such object. */
  object: oc.input(object).output(type<SchemaDetail | null>()),
  /** SQL that makes the object anew, with what belongs to it. @throws QUERY_MISSING when there is no such object */
  definition: oc.input(object).output(type<{ sql: string }>()),
  /** A whole schema, or some of its tables; without a schema, the default one. */
  diagram: oc
    .input(place.extend({ schema: z.string().nullable(), tables: z.array(z.string()).max(5_000).optional() }))
    .output(type<SchemaDiagram>()),
  /** By name, each name once. */
  functions: oc.input(place).output(type<SchemaFunction[]>()),
}
