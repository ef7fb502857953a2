import { create } from 'zustand'
import type { ColumnPlace } from '../../shared/contract/pipelines.ts'

/** What is picked on a canvas. Not part of the document: picking is no step of undo. */
export interface Selection {
  nodes: readonly string[]
  /** See edgeId. */
  edges: readonly string[]
  notes: readonly string[]
  groups: readonly string[]
}

export const nothing: Selection = { nodes: [], edges: [], notes: [], groups: [] }

interface SelectionState {
  /** By document. */
  selections: Readonly<Record<string, Selection>>
  /** The field of the inspector to open at, once: set by whoever jumps to an error. */
  field: { document: string; node: string; field: string; position?: number } | null
  /** The column whose lineage is shown. */
  column: ({ document: string } & ColumnPlace) | null
}

export const useSelections = create<SelectionState>()(() => ({ selections: {}, field: null, column: null }))

export function select(document: string, selection: Partial<Selection>): void {
  useSelections.setState(({ selections }) => ({
    selections: { ...selections, [document]: { ...nothing, ...selection } },
  }))
}

export const selectionOf = (document: string): Selection => useSelections.getState().selections[document] ?? nothing

export const useSelection = (document: string): Selection =>
  useSelections(({ selections }) => selections[document] ?? nothing)

/** Picks a node and opens the inspector at a field. */
export function goToField(document: string, node: string, field?: string, position?: number): void {
  select(document, { nodes: [node] })
  if (field === undefined) return
  useSelections.setState({ field: { document, node, field, ...(position === undefined ? {} : { position }) } })
}
