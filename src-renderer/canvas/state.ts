import { create } from 'zustand'
import type { Link } from '../../shared/pipeline/edit-add.ts'
import type { Place } from '../../shared/pipeline/edit-nodes.ts'

/** A point of the canvas as it is seen, in pixels from its top left corner. */
export interface Spot {
  x: number
  y: number
}

/** What lies over the canvas until something is chosen. */
export type Overlay =
  /** Kinds to add, at a place of the document. */
  | { type: 'add'; spot: Spot; at: Place; link?: Link }
  | { type: 'find' }
  /** Nodes that a node can feed, or that can run after it. */
  | { type: 'connect'; node: string; order: boolean }
  | { type: 'menu'; spot: Spot; target: 'node' | 'edge' | 'note' | 'group' | 'canvas' }

interface CanvasState {
  overlay: (Overlay & { document: string }) | null
  /** Whose name or text is being typed on the canvas. */
  typing: { document: string; part: 'node' | 'note' | 'group'; id: string } | null
  /** Where nodes stand that the document gives no place, by document. Not part of it until something is moved. */
  places: Readonly<Record<string, Readonly<Record<string, Place>>>>
  /** The edge that takes in what is being dragged. */
  dropEdge: string | null
}

/** What a canvas shows for a moment; nothing of it is kept. */
export const useCanvas = create<CanvasState>()(() => ({ overlay: null, typing: null, places: {}, dropEdge: null }))

export function openOverlay(document: string, overlay: Overlay): void {
  useCanvas.setState({ overlay: { ...overlay, document } })
}

export function closeOverlay(): void {
  if (useCanvas.getState().overlay) useCanvas.setState({ overlay: null })
}

export function typeInto(document: string, part: 'node' | 'note' | 'group', id: string): void {
  useCanvas.setState({ typing: { document, part, id } })
}

export function stopTyping(): void {
  useCanvas.setState({ typing: null })
}

const noPlaces: Readonly<Record<string, Place>> = {}

export const useFoundPlaces = (document: string): Readonly<Record<string, Place>> =>
  useCanvas(({ places }) => places[document] ?? noPlaces)

export const foundPlaces = (document: string): Readonly<Record<string, Place>> =>
  useCanvas.getState().places[document] ?? noPlaces

export function setFoundPlaces(document: string, found: Readonly<Record<string, Place>>): void {
  useCanvas.setState(({ places }) => ({ places: { ...places, [document]: { ...places[document], ...found } } }))
}

/** Marks the edge that would take in what is dragged. */
export function markEdge(edge: string | null): void {
  if (useCanvas.getState().dropEdge !== edge) useCanvas.setState({ dropEdge: edge })
}
