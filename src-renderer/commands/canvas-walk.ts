import { IconRoute2 } from '@tabler/icons-react'
import { gridStep } from '../../shared/pipeline/edit-arrange.ts'
import { edgeId } from '../../shared/pipeline/edit-edges.ts'
import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import { middleOf, moveTo, placesOf } from '../canvas/actions.ts'
import { frameArea } from '../canvas/flow-nodes.ts'
import { resizeNotes } from '../canvas/resize-notes.ts'
import { closeOverlay, openOverlay, useCanvas } from '../canvas/state.ts'
import { type Direction, nextEdge, walk } from '../canvas/walk.ts'
import { select } from '../stores/selection.ts'
import { type Command, defineCommand } from './define.ts'
import { onCanvas, pickedEdge } from './on-canvas.ts'

const arrows: readonly { direction: Direction; key: string; by: Place }[] = [
  { direction: 'left', key: 'ArrowLeft', by: [-gridStep, 0] },
  { direction: 'right', key: 'ArrowRight', by: [gridStep, 0] },
  { direction: 'up', key: 'ArrowUp', by: [0, -gridStep] },
  { direction: 'down', key: 'ArrowDown', by: [0, gridStep] },
]

/** From a node to another; from an edge to its ends. @param further whether what is picked stays so */
function go(direction: Direction, further: boolean): void {
  const canvas = onCanvas()
  if (!canvas) return
  const { document, pipeline, picked, view } = canvas
  const edge = pickedEdge()
  const next = edge
    ? edge[direction === 'right' || direction === 'down' ? 'to' : 'from']
    : walk(pipeline, placesOf(document), picked.nodes.at(-1), direction)
  if (next === undefined) return
  const others = further ? picked.nodes.filter((id) => id !== next) : []
  select(document, { ...(further && picked), nodes: [...others, next] })
  view.reveal(next)
}

const walks = arrows.flatMap(({ direction, key }) =>
  [false, true].map((further) =>
    defineCommand({
      id: `canvas.${further ? 'pick' : 'walk'}.${direction}`,
      title: further ? `Pick what is ${direction} as well` : `Go ${direction}`,
      section: 'Canvas',
      keys: [further ? `shift+${key}` : key],
      scope: 'canvas',
      hidden: true,
      enabled: () => onCanvas() !== undefined,
      run: () => go(direction, further),
    }),
  ),
)

const pickEdge = defineCommand({
  id: 'canvas.pickEdge',
  title: 'Go to the next edge',
  section: 'Canvas',
  icon: IconRoute2,
  keys: ['E'],
  scope: 'canvas',
  enabled: () => (onCanvas()?.pipeline.edges.length ?? 0) > 0,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const { document, pipeline, picked, view } = canvas
    const next = nextEdge(pipeline, pickedEdge() ?? picked.nodes.at(-1))
    if (!next) return
    select(document, { edges: [edgeId(next)] })
    view.reveal(next.from)
  },
})

const moves = arrows.map(({ direction, key, by: [dx, dy] }) =>
  defineCommand({
    id: `canvas.move.${direction}`,
    title: `Move ${direction}`,
    section: 'Canvas',
    keys: [`mod+${key}`],
    scope: 'canvas',
    hidden: true,
    enabled: () => {
      const { nodes = [], notes = [] } = onCanvas()?.picked ?? {}
      return nodes.length + notes.length > 0
    },
    run() {
      const canvas = onCanvas()
      if (!canvas) return
      const { document, pipeline, picked } = canvas
      const places = placesOf(document)
      const moved = (ids: readonly string[], placeOf: (id: string) => Place | undefined) =>
        Object.fromEntries(
          ids.flatMap((id): [string, Place][] => {
            const place = placeOf(id)
            return place ? [[id, [place[0] + dx, place[1] + dy]]] : []
          }),
        )
      const nodes = moved(picked.nodes, (id) => places[id])
      const notes = moved(picked.notes, (id) => pipeline.notes[id]?.at)
      // Presses one after the other are one step, as long as they move the same.
      moveTo(document, { nodes, notes }, `canvas.move ${[...picked.nodes, ...picked.notes].join(' ')}`)
    },
  }),
)

const sizes: Record<Direction, string> = { left: 'narrower', right: 'wider', up: 'shorter', down: 'taller' }

const resizes = arrows.map(({ direction, key, by }) =>
  defineCommand({
    id: `canvas.resize.${direction}`,
    title: `Make the note ${sizes[direction]}`,
    section: 'Canvas',
    keys: [`alt+shift+${key}`],
    scope: 'canvas',
    hidden: true,
    enabled: () => (onCanvas()?.picked.notes.length ?? 0) > 0,
    run() {
      const canvas = onCanvas()
      if (canvas) resizeNotes(canvas.document, canvas.picked.notes, by)
    },
  }),
)

const clear = defineCommand({
  id: 'canvas.clear',
  title: 'Clear the selection',
  section: 'Canvas',
  keys: ['Escape'],
  scope: 'canvas',
  hidden: true,
  enabled: () => {
    const { nodes = [], edges = [], notes = [], groups = [] } = onCanvas()?.picked ?? {}
    return useCanvas.getState().overlay !== null || nodes.length + edges.length + notes.length + groups.length > 0
  },
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    if (useCanvas.getState().overlay) closeOverlay()
    else select(canvas.document, {})
  },
})

const menu = defineCommand({
  id: 'canvas.menu',
  title: 'Menu of what is picked',
  section: 'Canvas',
  keys: ['ContextMenu', 'shift+F10'],
  scope: 'canvas',
  hidden: true,
  enabled: () => onCanvas() !== undefined,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const { document, pipeline, picked, view } = canvas
    const [node, note, edge, group] = [picked.nodes.at(-1), picked.notes[0], picked.edges[0], picked.groups[0]]
    const wire = pickedEdge()
    const places = placesOf(document)
    const frame = group === undefined ? undefined : pipeline.groups[group]
    const area = frame && frameArea(frame.nodes.map((id) => places[id]))
    const place =
      (node !== undefined && places[node]) ||
      (note !== undefined && pipeline.notes[note]?.at) ||
      (wire && middleOf(document, wire)) ||
      (area && ([area.x, area.y] satisfies Place))
    const spot = view.spotOf(place || view.pointer())
    const target = node !== undefined ? 'node' : note !== undefined ? 'note' : group !== undefined ? 'group' : 'canvas'
    openOverlay(document, { type: 'menu', spot, target: target === 'canvas' && edge !== undefined ? 'edge' : target })
  },
})

export const walking: readonly Command[] = [...walks, pickEdge, ...moves, ...resizes, clear, menu]
