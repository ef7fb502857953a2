import type { SchemaColumn, SchemaObject } from '../../shared/contract/schema.ts'
import type { EditorDialect } from '../editors/names.ts'

/** A saved connection, and the folder that its name is looked up from. */
export interface Place {
  connection: string
  folder: string
}

/** A database as the tree shows it. */
export interface Database extends Place {
  dialect: EditorDialect
}

export const placeKey = ({ connection, folder }: Place): string => JSON.stringify([folder, connection])

/** What is picked in a tree or a diagram. */
export interface Picked {
  database: Database
  /** Names in it need no schema. */
  defaultSchema: string | null
  schema: string | null
  /** Null when a whole schema is picked. */
  object: Pick<SchemaObject, 'schema' | 'name' | 'kind'> | null
  column: Pick<SchemaColumn, 'name'> | null
}
