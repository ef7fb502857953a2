import type { ColumnType } from './types.ts'

export const objectKinds = ['table', 'view', 'materialized view', 'foreign table', 'partitioned table'] as const
export type ObjectKind = (typeof objectKinds)[number]

/** A table, or what can be read like one. Partitions are part of their table; system and temporary objects are left out. */
export interface SchemaObject {
  /** Null where the database has no schemas (SQLite). */
  schema: string | null
  name: string
  kind: ObjectKind
  /** The database's own estimate, never a count; null when it has none. */
  rows: number | null
  comment: string | null
}

/** All that a user may see of a database. */
export interface SchemaObjects {
  /** Schemas in order, also those that hold nothing; none where the database has no schemas. */
  schemas: string[]
  /** Where a name without a schema is looked for first. */
  defaultSchema: string | null
  /** By schema and name. */
  objects: SchemaObject[]
}

export interface SchemaColumn {
  name: string
  type: ColumnType
  /** The type as the database spells it. */
  databaseType: string
  nullable: boolean
  /** SQL of the default, or what a generated column is made of; null when there is none. */
  default: string | null
  /** Computed from other columns, or given by the database as an identity. */
  generated: boolean
  primaryKey: boolean
  comment: string | null
}

export interface SchemaIndex {
  name: string
  /** Names of columns; expressions as SQL. */
  columns: string[]
  unique: boolean
  primary: boolean
  /** SQL of what a row must satisfy to be in it; null for an index of all rows. */
  condition: string | null
  /** e.g. `btree`; null where the database has one kind only. */
  method: string | null
}

export interface SchemaForeignKey {
  name: string | null
  columns: string[]
  references: { schema: string | null; table: string; columns: string[] }
  /** e.g. `cascade`; null for the plain refusal, which is what happens unless something else is said. */
  onDelete: string | null
  onUpdate: string | null
}

/** A foreign key of another table, or of the table itself, that points here. */
export interface SchemaReference {
  name: string | null
  schema: string | null
  table: string
  columns: string[]
  /** The columns here that it points at. */
  references: string[]
}

export interface SchemaCheck {
  name: string | null
  /** SQL, without outer parentheses. */
  expression: string
}

export interface SchemaTrigger {
  name: string
  /** When it fires, e.g. `after insert or update`. */
  fires: string
}

/** One object and all that belongs to it. */
export interface SchemaDetail extends SchemaObject {
  columns: SchemaColumn[]
  /** The primary key's first. */
  indexes: SchemaIndex[]
  foreignKeys: SchemaForeignKey[]
  referencedBy: SchemaReference[]
  checks: SchemaCheck[]
  triggers: SchemaTrigger[]
}

export interface DiagramColumn {
  name: string
  databaseType: string
  primaryKey: boolean
  foreignKey: boolean
  nullable: boolean
}

export interface DiagramTable {
  schema: string | null
  name: string
  kind: ObjectKind
  columns: DiagramColumn[]
}

export interface DiagramRelation {
  name: string | null
  from: { table: string; columns: string[] }
  /** May be a table of another schema, or one that was not asked for. */
  to: { schema: string | null; table: string; columns: string[] }
}

/** Tables of one schema and the foreign keys that start at them. */
export interface SchemaDiagram {
  tables: DiagramTable[]
  relations: DiagramRelation[]
}

/** A function that a query can call. */
export interface SchemaFunction {
  name: string
  /** What it takes, in words, e.g. `text, integer`; empty for nothing and where the database does not tell. */
  args: string
  /** The type of what it gives; null where the database does not tell. */
  returns: string | null
  kind: 'function' | 'aggregate' | 'window'
  description: string | null
}
