import { create } from 'zustand'

/** A stretch of a tab's text; empty for a mere caret. */
export interface TextRange {
  from: number
  to: number
}

const carets = new Map<string, TextRange>()

/** Where the caret of a tab's editor is, and what is selected. Read when something is run, so nothing follows it. */
export const caretOf = (tab: string): TextRange => carets.get(tab) ?? { from: 0, to: 0 }

export function keepCaret(tab: string, range: TextRange): void {
  carets.set(tab, range)
}

interface CaretState {
  /** Where a tab's caret is to be put, once for each object. */
  wanted: Readonly<Record<string, { position: number } | undefined>>
}

export const useCaret = create<CaretState>()(() => ({ wanted: {} }))

export function putCaret(tab: string, position: number): void {
  useCaret.setState(({ wanted }) => ({ wanted: { ...wanted, [tab]: { position } } }))
}

/** A caret that is where it was wanted is not put there again when its tab is next shown. */
export function caretArrived(tab: string): void {
  useCaret.setState(({ wanted }) => ({ wanted: { ...wanted, [tab]: undefined } }))
}
