import type { SchemaColumn, SchemaDetail, SchemaObject } from '../../../shared/contract/schema.ts'

export const table = (schema: string | null, name: string, more: Partial<SchemaObject> = {}): SchemaObject => ({
  schema,
  name,
  kind: 'table',
  rows: null,
  comment: null,
  ...more,
})

export const column = (name: string, more: Partial<SchemaColumn> = {}): SchemaColumn => ({
  name,
  type: { kind: 'text' },
  databaseType: 'text',
  nullable: true,
  default: null,
  generated: false,
  primaryKey: false,
  comment: null,
  ...more,
})

export const detail = (object: SchemaObject, more: Partial<SchemaDetail> = {}): SchemaDetail => ({
  ...object,
  columns: [],
  indexes: [],
  foreignKeys: [],
  referencedBy: [],
  checks: [],
  triggers: [],
  ...more,
})

const subjects = ['order', 'customer', 'invoice', 'shipment', 'ledger', 'ticket', 'visit', 'device', 'route', 'price']
const kinds = ['items', 'events', 'history', 'Archive', 'audit', 'notes', 'tags', 'links', 'totals', 'states']

/** As many tables as a large company has, over 50 schemas. */
export const manyTables: readonly SchemaObject[] = Array.from({ length: 5_000 }, (_, index) =>
  table(
    `area_${String(index % 50).padStart(2, '0')}`,
    `${subjects[index % 10]}_${kinds[Math.floor(index / 10) % 10]}_${index}`,
  ),
)
