import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { Spot } from './state.ts'

/** What can be done with the canvas that is on screen, without knowing what draws it. */
export interface CanvasView {
  /** Shows these nodes, or everything. */
  fit(nodes?: readonly string[]): void
  zoomIn(): void
  zoomOut(): void
  /** As large as it is. */
  reset(): void
  /** Moves so that a node, note or group can be seen, by its id in the flow; into the middle when asked to. */
  reveal(part: string, centre?: boolean): void
  /** Where the pointer is in the document, or the middle of what can be seen. */
  pointer(): Place
  spotOf(place: Place): Spot
  focus(): void
}

const views = new Map<string, CanvasView>()

/** The document whose canvas takes the focus as soon as it is on screen. */
let awaited: string | null = null

/** @returns what takes it back */
export function registerView(document: string, view: CanvasView): () => void {
  views.set(document, view)
  if (awaited === document) view.focus()
  awaited = null
  return () => {
    if (views.get(document) === view) views.delete(document)
  }
}

/** The canvas of a document, while it is on screen. */
export const viewOf = (document: string): CanvasView | undefined => views.get(document)

/** Gives the focus to the canvas of a document, at once or when its screen, which was gone to just now, is there. */
export function focusCanvas(document: string): void {
  const view = views.get(document)
  if (view) view.focus()
  else awaited = document
}
