import type { PortSpec } from '../../shared/nodes/define.ts'

/** Size of a card, the same for all: edges and frames can be drawn before a card is. */
export const cardWidth = 180
export const cardHeight = 64

/** Distance of a frame from the cards inside, more above for its title; on the grid, so that frames snap like cards. */
export const framePadding = 20
export const frameTitle = 40

export const noteSize: [number, number] = [200, 120]
export const smallestNote: [number, number] = [80, 40]

/** Where the port at `index` of `ports` sits, from the top of the card. */
export const portTop = (ports: readonly PortSpec[], index: number): number =>
  Math.round((cardHeight * (index + 1)) / (ports.length + 1))
