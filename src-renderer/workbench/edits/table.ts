import type { EditableTable } from '../../../shared/contract/queries.ts'
import type { CellText } from '../../../shared/contract/results.ts'
import { cellProblem } from '../../../shared/data/cell-problem.ts'
import type { ColumnType } from '../../../shared/data/types.ts'
import type { RowMark } from '../../grid/editing.ts'
import type { GridRow } from '../../grid/store.ts'
import { type Cells, changeCell, changeNew, type Edits, type ShownRow, sheetOf, stage } from './staged.ts'

/** Characters of a text that is still typed in its cell. */
const longest = 120

/** The rows of a result, which all are rows of one table, with what was changed of them. */
export class EditedTable {
  readonly table: EditableTable
  readonly result: string
  private rows: { edits: Edits; added: readonly GridRow[] } = { edits: {}, added: [] }

  constructor(table: EditableTable, result: string) {
    this.table = table
    this.result = result
  }

  added(): readonly GridRow[] {
    const { edits } = sheetOf(this.result)
    if (this.rows.edits !== edits) {
      const ids = Object.keys(edits).filter((id) => edits[id]?.kind === 'insert')
      this.rows = { edits, added: ids.map((added) => ({ cells: [], added })) }
    }
    return this.rows.added
  }

  text(row: GridRow, place: number): CellText | undefined {
    const name = this.table.columns[place]
    if (name === null || name === undefined) return row.cells[place]
    const { edits, found } = sheetOf(this.result)
    const id = this.idOf(row)
    const edit = edits[id]
    if (edit && edit.kind !== 'delete' && name in edit.after) return edit.after[name]
    const theirs = found[id]
    return theirs && name in theirs ? theirs[name] : row.cells[place]
  }

  blank(place: number): string {
    const field = this.field(place)
    if (!field || field.generated) return 'computed'
    if (!field.optional) return 'required'
    return field.nullable ? 'left out' : 'default'
  }

  rowMark(row: GridRow): RowMark | undefined {
    const edit = this.edit(row)
    return edit && ({ insert: 'new', update: 'changed', delete: 'deleted' } as const)[edit.kind]
  }

  isChanged(row: GridRow, place: number): boolean {
    const edit = this.edit(row)
    return edit?.kind === 'update' && (this.table.columns[place] ?? '') in edit.after
  }

  refusal(row: GridRow, place: number): string | undefined {
    const name = this.table.columns[place]
    if (name === null || name === undefined) return 'The query computes this column: it cannot be changed here.'
    if (this.field(place)?.generated) return `The database computes ${name}: it cannot be changed.`
    if (this.edit(row)?.kind === 'delete') return 'The row is marked for deletion. Undo that to change it.'
    return this.lost(row)
  }

  /** Why a row cannot be told from others. */
  lost(row: GridRow): string | undefined {
    if (row.added !== undefined) return undefined
    for (const key of this.table.keys) {
      const place = this.table.columns.indexOf(key)
      if (row.cut?.[place] !== undefined) return `The key ${key} of this row is too long to find it by.`
      if ((row.cells[place] ?? null) === null) return `The key ${key} of this row is NULL, so that it cannot be found.`
    }
    return undefined
  }

  isLarge(row: GridRow, place: number): boolean {
    const { kind } = this.type(place)
    const text = this.text(row, place) ?? ''
    return (
      kind === 'json' ||
      kind === 'list' ||
      text.length > longest ||
      text.includes('\n') ||
      row.cut?.[place] !== undefined
    )
  }

  problem(row: GridRow, place: number, text: CellText): string | undefined {
    const field = this.field(place)
    if (!field) return undefined
    if (text !== null) return cellProblem(text, field.type)
    if (field.nullable || (row.added !== undefined && field.optional)) return undefined
    return `${this.table.columns[place]} cannot be NULL.`
  }

  choices(place: number): readonly string[] | undefined {
    const type = this.type(place)
    if (type.kind === 'enum') return type.values
    return type.kind === 'boolean' ? ['true', 'false'] : undefined
  }

  takesEmpty(place: number): boolean {
    return this.type(place).kind === 'text'
  }

  put(row: GridRow, place: number, text: CellText): void {
    stage(this.result, (edits) => this.changed(edits, row, place, text))
  }

  /** The changes with another one. @param whole the cell's whole text, where only its beginning is shown */
  changed(edits: Edits, row: GridRow, place: number, text: CellText, whole?: CellText): Edits {
    const name = this.table.columns[place]
    if (name === null || name === undefined) return edits
    if (row.added !== undefined) return changeNew(edits, row.added, name, text)
    const shown = this.shownRow(row)
    return changeCell(
      edits,
      whole === undefined ? shown : { ...shown, shown: { ...shown.shown, [name]: whole } },
      name,
      text,
    )
  }

  /** What is known of a row that is in the database. */
  shownRow(row: GridRow): ShownRow {
    const found = sheetOf(this.result).found[this.idOf(row)]
    const entries = this.table.columns.flatMap((name, place): [string, CellText][] =>
      name === null || row.cut?.[place] !== undefined ? [] : [[name, row.cells[place] ?? null]],
    )
    const cells: Cells = Object.fromEntries(entries)
    const key = Object.fromEntries(this.table.keys.map((name) => [name, cells[name] ?? null]))
    return { id: this.idOf(row), key, shown: { ...cells, ...found } }
  }

  type(place: number): ColumnType {
    return this.field(place)?.type ?? { kind: 'text' }
  }

  private field(place: number) {
    return this.table.fields[this.table.columns[place] ?? '']
  }

  private edit(row: GridRow) {
    return sheetOf(this.result).edits[this.idOf(row)]
  }

  private idOf({ added, cells }: GridRow): string {
    return added ?? JSON.stringify(this.table.keys.map((key) => cells[this.table.columns.indexOf(key)] ?? null))
  }
}
