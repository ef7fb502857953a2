import { create } from 'zustand'
import type { RowEdit } from '../../../shared/contract/queries.ts'
import type { CellText } from '../../../shared/contract/results.ts'

/** Cells by column of the table. */
export type Cells = Readonly<Record<string, CellText>>

/** Changes by row: the text of its key, or the id of a new row. In the order in which they were begun. */
export type Edits = Readonly<Record<string, RowEdit>>

/** A row that is in the database, as it is shown. */
export interface ShownRow {
  id: string
  key: Cells
  /** Of those cells that are shown whole. */
  shown: Cells
}

interface Sheet {
  edits: Edits
  /** What the database was found to hold by now, where that is another thing than what is shown. */
  found: Readonly<Record<string, Cells>>
  past: readonly Edits[]
  future: readonly Edits[]
}

const none: Sheet = { edits: {}, found: {}, past: [], future: [] }

/** Changes that were not applied yet, by result. */
export const useSheets = create<{ sheets: Readonly<Record<string, Sheet>> }>()(() => ({ sheets: {} }))

/** What a result is called here. */
export const sheetKey = (query: string, statement: number): string => `${query} ${statement}`

export const sheetOf = (result: string): Sheet => useSheets.getState().sheets[result] ?? none

export const useEdits = (result: string): Edits => useSheets(({ sheets }) => (sheets[result] ?? none).edits)

export const useSheet = (result: string): Sheet => useSheets(({ sheets }) => sheets[result] ?? none)

function changeSheet(result: string, change: Partial<Sheet>): void {
  useSheets.setState(({ sheets }) => ({ sheets: { ...sheets, [result]: { ...(sheets[result] ?? none), ...change } } }))
}

/** Makes a change of the staged changes that can be taken back as one. */
export function stage(result: string, change: (edits: Edits) => Edits): void {
  const { edits, past } = sheetOf(result)
  const next = change(edits)
  if (next !== edits) changeSheet(result, { edits: next, past: [...past, edits], future: [] })
}

export function undo(result: string): void {
  const { edits, past, future } = sheetOf(result)
  const before = past.at(-1)
  if (before) changeSheet(result, { edits: before, past: past.slice(0, -1), future: [edits, ...future] })
}

export function redo(result: string): void {
  const { edits, past, future } = sheetOf(result)
  const [next, ...later] = future
  if (next) changeSheet(result, { edits: next, past: [...past, edits], future: later })
}

/** Notes what the database holds by now. */
export function noteFound(result: string, id: string, cells: Cells): void {
  const { found } = sheetOf(result)
  changeSheet(result, { found: { ...found, [id]: { ...found[id], ...cells } } })
}

export function forgetSheet(result: string): void {
  useSheets.setState(({ sheets: { [result]: _gone, ...sheets } }) => ({ sheets }))
}

/** A cell was given another value; one that it had before is no change. */
export function changeCell(edits: Edits, { id, key, shown }: ShownRow, column: string, text: CellText): Edits {
  const edit = edits[id]
  if (edit?.kind === 'delete' || edit?.kind === 'insert') return edits
  const before = { ...edit?.before }
  const after = { ...edit?.after, [column]: text }
  if (column in shown) before[column] ??= shown[column] ?? null
  if (column in before && before[column] === text) {
    delete before[column]
    delete after[column]
  }
  if (Object.keys(after).length === 0) return edit ? without(edits, id) : edits
  return { ...edits, [id]: { kind: 'update', key, before, after } }
}

export const addRow = (edits: Edits, id: string, after: Cells = {}): Edits => ({
  ...edits,
  [id]: { kind: 'insert', after },
})

export function changeNew(edits: Edits, id: string, column: string, text: CellText): Edits {
  const edit = edits[id]
  return edit?.kind === 'insert' ? addRow(edits, id, { ...edit.after, [column]: text }) : edits
}

/** What was changed in the row is lost. */
export function removeRow(edits: Edits, { id, key, shown }: ShownRow): Edits {
  return { ...edits, [id]: { kind: 'delete', key, before: shown } }
}

export function without(edits: Edits, id: string): Edits {
  const { [id]: _gone, ...others } = edits
  return others
}

/** Takes back some cells of a row. */
export function withoutCells(edits: Edits, id: string, columns: readonly string[]): Edits {
  const edit = edits[id]
  if (!edit || edit.kind === 'delete') return without(edits, id)
  const keep = (cells: Cells) => Object.fromEntries(Object.entries(cells).filter(([name]) => !columns.includes(name)))
  const after = keep(edit.after)
  if (edit.kind === 'insert') return addRow(edits, id, after)
  if (Object.keys(after).length === 0) return without(edits, id)
  return { ...edits, [id]: { ...edit, after, before: keep(edit.before) } }
}

/** Holds on to a change although the row is another one by now: that is what it is compared with next time. */
export function keepMine(edits: Edits, id: string, theirs: Cells): Edits {
  const edit = edits[id]
  if (!edit || edit.kind === 'insert') return edits
  return { ...edits, [id]: { ...edit, before: { ...edit.before, ...theirs } } }
}

/** Changes in the order in which they are done: rows go before others take their keys. */
export function ordered(edits: Edits): { id: string; edit: RowEdit }[] {
  const order = { delete: 0, update: 1, insert: 2 }
  return Object.entries(edits)
    .map(([id, edit]) => ({ id, edit }))
    .sort((a, b) => order[a.edit.kind] - order[b.edit.kind])
}

/** How many of a run's results have changes that are not applied. */
export const countOf = (edits: Edits): number => Object.keys(edits).length
