import type { DiagramColumn, DiagramTable, SchemaDiagram } from '../../../shared/contract/schema.ts'

/** A table as the diagram draws it. */
export interface Box {
  id: string
  schema: string | null
  name: string
  kind: DiagramTable['kind']
  columns: readonly DiagramColumn[]
  /** Of another schema, or not asked for: known by name only. */
  outside: boolean
}

/** A foreign key: `from` holds it, `to` is what it points at. */
export interface Relation {
  id: string
  name: string | null
  from: string
  to: string
  fromColumns: readonly string[]
  toColumns: readonly string[]
  /** A row may point at nothing. */
  optional: boolean
}

export interface DiagramModel {
  boxes: readonly Box[]
  relations: readonly Relation[]
  byId: ReadonlyMap<string, Box>
  /** Tables at the other ends of a table's relations. */
  neighbours: ReadonlyMap<string, ReadonlySet<string>>
}

export const boxId = (schema: string | null, name: string): string => JSON.stringify([schema, name])

/** What a schema's tables and foreign keys are to a picture; whatever a key points at is in it. */
export function diagramModel({ tables, relations }: SchemaDiagram): DiagramModel {
  const [first] = tables
  const schema = first?.schema ?? null
  const byId = new Map<string, Box>()
  for (const table of tables) {
    const id = boxId(table.schema, table.name)
    byId.set(id, { id, ...table, outside: false })
  }
  const made = relations.map(({ name, from, to }, index): Relation => {
    const holder = boxId(schema, from.table)
    const target = boxId(to.schema ?? schema, to.table)
    if (!byId.has(target)) {
      byId.set(target, { id: target, schema: to.schema, name: to.table, kind: 'table', columns: [], outside: true })
    }
    const columns = byId.get(holder)?.columns ?? []
    const optional = columns.some((column) => column.nullable && from.columns.includes(column.name))
    return {
      id: String(index),
      name,
      from: holder,
      to: target,
      fromColumns: from.columns,
      toColumns: to.columns,
      optional,
    }
  })
  const known = made.filter(({ from }) => byId.has(from))
  return { boxes: [...byId.values()], relations: known, byId, neighbours: neighboursOf(known) }
}

function neighboursOf(relations: readonly Relation[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const add = (a: string, b: string) => {
    const known = found.get(a)
    if (known) known.add(b)
    else found.set(a, new Set([b]))
  }
  for (const { from, to } of relations) {
    add(from, to)
    add(to, from)
  }
  return found
}

/** The columns that are shown. */
export const shownColumns = ({ columns }: Box, keysOnly: boolean): readonly DiagramColumn[] =>
  keysOnly ? columns.filter(({ primaryKey, foreignKey }) => primaryKey || foreignKey) : columns
