import type { SchemaColumn, SchemaDetail, SchemaObject } from '../../shared/contract/schema.ts'
import { type Fact, facts, type Part, partsOf, partTitles } from './facts.ts'
import { idOf, type ListedObject, type Listing } from './listing.ts'
import { type FoundColumn, type FoundObject, findObjects, type Mark, wordsOf } from './search.ts'

/** What is known of an object beyond its name. */
export type DetailState =
  | { state: 'loading' }
  | { state: 'failed'; message: string }
  | { state: 'ready'; detail: SchemaDetail }

interface Placed {
  id: string
  /** From 1. */
  level: number
  /** Its place among its siblings from 1, and how many there are. */
  position: number
  size: number
}

export type SchemaRow = Placed & { type: 'schema'; name: string; count: number; expanded: boolean }
export type ObjectRow = Placed & {
  type: 'object'
  object: SchemaObject
  expanded: boolean
  marks: readonly Mark[]
}
export type PartRow = Placed & { type: 'part'; object: SchemaObject; part: Part; count: number; expanded: boolean }
export type ColumnRow = Placed & {
  type: 'column'
  object: SchemaObject
  column: SchemaColumn
  foreignKey: boolean
  marks: readonly Mark[]
}
export type FactRow = Placed & { type: 'fact'; object: SchemaObject; fact: Fact }
/** Says why there is nothing. */
export type NoteRow = Placed & { type: 'note'; text: string; failed: boolean }
/** A line of the tree. */
export type TreeRow = SchemaRow | ObjectRow | PartRow | ColumnRow | FactRow | NoteRow

export interface TreeView {
  /** Ids of what is open. */
  expanded: ReadonlySet<string>
  search: string
  /** By id of object; those that were never opened are missing. */
  details: ReadonlyMap<string, DetailState>
}

/** The lines of the tree from top to bottom, as far as they are open or found. */
export function treeRows(listing: Listing, view: TreeView): TreeRow[] {
  const words = wordsOf(view.search)
  const builder = new RowBuilder(view)
  const find = (objects: readonly ListedObject[]): FoundObject[] =>
    words.length === 0
      ? objects.map(({ id, object }) => ({ id, object, marks: [] }))
      : findObjects(objects, words, (id) => readyDetail(view.details.get(id)))
  const groups = listing.schemas.map((schema) => ({ schema, found: find(schema.objects) }))
  const shown = words.length === 0 ? groups : groups.filter(({ found }) => found.length > 0)
  builder.addObjects(find(listing.loose), 1)
  for (const [index, { schema, found }] of shown.entries()) {
    const { id, name } = schema
    const expanded = words.length > 0 || view.expanded.has(id)
    const placed = { id, level: 1, position: index + 1, size: shown.length }
    builder.rows.push({ ...placed, type: 'schema', name, count: found.length, expanded })
    if (expanded) builder.addObjects(found, 2)
    if (expanded && found.length === 0) builder.addNote(idOf(id, 'empty'), 2, 'No tables or views')
  }
  return builder.rows
}

const readyDetail = (known: DetailState | undefined): SchemaDetail | undefined =>
  known?.state === 'ready' ? known.detail : undefined

class RowBuilder {
  readonly rows: TreeRow[] = []
  private readonly view: TreeView

  constructor(view: TreeView) {
    this.view = view
  }

  addObjects(found: readonly FoundObject[], level: number): void {
    const { expanded, details } = this.view
    for (const [index, { id, object, marks, columns }] of found.entries()) {
      const placed = { id, level, position: index + 1, size: found.length }
      const open = columns !== undefined || expanded.has(id)
      this.rows.push({ ...placed, type: 'object', object, expanded: open, marks })
      if (open) this.addDetail(id, object, level + 1, details.get(id), columns)
    }
  }

  addNote(id: string, level: number, text: string, failed = false): void {
    this.rows.push({ id, level, position: 1, size: 1, type: 'note', text, failed })
  }

  private addDetail(
    id: string,
    object: SchemaObject,
    level: number,
    known: DetailState | undefined,
    only: readonly FoundColumn[] | undefined,
  ): void {
    if (known?.state === 'failed') return this.addNote(idOf(id, 'failed'), level, known.message, true)
    if (known?.state !== 'ready') return this.addNote(idOf(id, 'loading'), level, 'Loading…')
    const { detail } = known
    const parts = only ? (['columns'] as const) : partsOf(detail)
    for (const [index, part] of parts.entries()) {
      const partId = partIdOf(id, part)
      const open = only !== undefined || this.view.expanded.has(partId)
      const count = only?.length ?? detail[part].length
      const placed = { id: partId, level, position: index + 1, size: parts.length }
      this.rows.push({ ...placed, type: 'part', object, part, count, expanded: open })
      if (!open) continue
      if (part === 'columns') this.addColumns(partId, object, level + 1, detail, only)
      else this.addFacts(partId, object, level + 1, facts(detail, part))
    }
  }

  private addColumns(
    part: string,
    object: SchemaObject,
    level: number,
    detail: SchemaDetail,
    only: readonly FoundColumn[] | undefined,
  ): void {
    const columns = only ?? detail.columns.map((column): FoundColumn => ({ column, marks: [] }))
    const foreign = new Set(detail.foreignKeys.flatMap((key) => key.columns))
    for (const [index, { column, marks }] of columns.entries()) {
      const placed = { id: idOf(part, column.name), level, position: index + 1, size: columns.length }
      this.rows.push({ ...placed, type: 'column', object, column, foreignKey: foreign.has(column.name), marks })
    }
  }

  private addFacts(part: string, object: SchemaObject, level: number, list: readonly Fact[]): void {
    for (const [index, fact] of list.entries()) {
      const placed = { id: idOf(part, String(index)), level, position: index + 1, size: list.length }
      this.rows.push({ ...placed, type: 'fact', object, fact })
    }
  }
}

/** Id of the line that heads columns, indexes … of an object. */
export const partIdOf = (object: string, part: Part): string => idOf(object, part)

export const isExpandable = (row: TreeRow): row is SchemaRow | ObjectRow | PartRow =>
  row.type === 'schema' || row.type === 'object' || row.type === 'part'

/** Place of the line that a line stands under. */
export function parentAt(rows: readonly TreeRow[], index: number): number {
  const level = rows[index]?.level ?? 1
  for (let at = index - 1; at >= 0; at--) {
    if ((rows[at]?.level ?? 1) < level) return at
  }
  return -1
}

/** What a line is called, for finding it by its first letters. */
export function nameOfRow(row: TreeRow): string {
  switch (row.type) {
    case 'schema':
      return row.name
    case 'object':
      return row.object.name
    case 'part':
      return partTitles[row.part]
    case 'column':
      return row.column.name
    case 'fact':
      return row.fact.name
    case 'note':
      return ''
  }
}
