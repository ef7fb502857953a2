import { create } from 'zustand'
import type { EditableTable, RowEdit } from '../../shared/contract/queries.ts'
import type { CellText } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'

/** A row opened to be changed, or a new one. */
export interface RowDraft {
  /** What is shown of the row, by column of the table; null for a new row. */
  shown: Readonly<Record<string, CellText>> | null
  /** What was typed over it. */
  typed: Readonly<Record<string, CellText>>
  /** Columns whose text is too long to be changed here. */
  locked: readonly string[]
}

interface EditsState {
  /** Changes that were not applied yet, by result. */
  staged: Readonly<Record<string, readonly RowEdit[]>>
}

export const useEdits = create<EditsState>()(() => ({ staged: {} }))

const none: readonly RowEdit[] = []

export const useStaged = (result: string): readonly RowEdit[] => useEdits(({ staged }) => staged[result] ?? none)

export const stagedOf = (result: string): readonly RowEdit[] => useEdits.getState().staged[result] ?? none

/** Adds a change; one of the same row takes the place of the earlier one. */
export function stage(result: string, edit: RowEdit): void {
  const others = stagedOf(result).filter((other) => !sameRow(other, edit))
  useEdits.setState(({ staged }) => ({ staged: { ...staged, [result]: [...others, edit] } }))
}

export function unstage(result: string): void {
  useEdits.setState(({ staged }) => ({ staged: { ...staged, [result]: none } }))
}

const sameRow = (a: RowEdit, b: RowEdit) =>
  a.kind !== 'insert' && b.kind !== 'insert' && JSON.stringify(a.key) === JSON.stringify(b.key)

/** The cells of a shown row by column of the table. */
export function rowOf(
  table: EditableTable,
  columns: readonly Column[],
  cells: readonly CellText[],
): Readonly<Record<string, CellText>> {
  return Object.fromEntries(
    columns.flatMap((_, index) => {
      const name = table.columns[index]
      return name === null || name === undefined ? [] : [[name, cells[index] ?? null]]
    }),
  )
}

/** The change that a form means; undefined when nothing differs. */
export function editOf({ keys }: EditableTable, { shown, typed }: RowDraft): RowEdit | undefined {
  if (shown === null) return { kind: 'insert', after: { ...typed } }
  const changed = Object.entries(typed).filter(([name, value]) => value !== shown[name])
  if (changed.length === 0) return undefined
  const before = Object.fromEntries(changed.map(([name]) => [name, shown[name] ?? null]))
  return { kind: 'update', key: keyOf(keys, shown), before, after: Object.fromEntries(changed) }
}

export const keyOf = (keys: readonly string[], row: Readonly<Record<string, CellText>>): Record<string, CellText> =>
  Object.fromEntries(keys.map((key) => [key, row[key] ?? null]))
