import { create } from 'zustand'
import type { Place } from '../../../shared/pipeline/edit-nodes.ts'
import type { BoxPlaces } from '../../canvas/diagram/arrange.ts'

interface MovedState {
  /** Where tables were dragged to, by diagram. Lasts as long as the window. */
  moved: Readonly<Record<string, BoxPlaces>>
}

const useMovedState = create<MovedState>()(() => ({ moved: {} }))
const none: BoxPlaces = {}

export const useMoved = (diagram: string): BoxPlaces => useMovedState(({ moved }) => moved[diagram] ?? none)

export function moveBox(diagram: string, id: string, place: Place): void {
  useMovedState.setState(({ moved }) => ({ moved: { ...moved, [diagram]: { ...moved[diagram], [id]: place } } }))
}

/** Puts all tables back to where they are put by themselves. */
export function forgetMoved(diagram: string): void {
  useMovedState.setState(({ moved }) => ({ moved: { ...moved, [diagram]: none } }))
}
