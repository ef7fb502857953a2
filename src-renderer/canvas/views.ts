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
  /** Comes so near to a part, at once, that what it says can be read and typed. */
  approach(part: string): void
  /** Where the pointer is in the document, or the middle of what can be seen. */
  pointer(): Place
  spotOf(place: Place): Spot
  focus(): void
}

const views = new Map<string, CanvasView>()

/** What the canvas of a document does as soon as it is on screen. */
let awaited: { document: string; begin(view: CanvasView): void } | null = null

/** @returns what takes it back */
export function registerView(document: string, view: CanvasView): () => void {
  views.set(document, view)
  if (awaited?.document === document) awaited.begin(view)
  awaited = null
  return () => {
    if (views.get(document) === view) views.delete(document)
  }
}

/** The canvas of a document, while it is on screen. */
export const viewOf = (document: string): CanvasView | undefined => views.get(document)

/**
 * Gives the focus to the canvas of a document, at once or when its screen, which was gone to just now, is there.
 * @param part a node, note or group to be in sight then; in the middle if `centre` says so
 */
export function focusCanvas(document: string, part?: string, centre = false): void {
  const begin = (view: CanvasView) => {
    if (part !== undefined) view.reveal(part, centre)
    view.focus()
  }
  const view = views.get(document)
  if (view) begin(view)
  else awaited = { document, begin }
}
