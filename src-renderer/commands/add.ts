import { IconNote, IconPlus, IconRouteSquare2 } from '@tabler/icons-react'
import { registry } from '../../shared/nodes/registry.ts'
import type { Link } from '../../shared/pipeline/edit-add.ts'
import { definitionOf, edgeId, mainOutput } from '../../shared/pipeline/edit-edges.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { addNoteAt, middleOf, placesOf } from '../canvas/actions.ts'
import { openOverlay, typeInto } from '../canvas/state.ts'
import { defineCommand } from './define.ts'
import { onCanvas, pickedEdge } from './on-canvas.ts'

/** Between a card and the one that is added behind it. */
const step = 260

/** With one node picked, what is added takes its rows. */
export const add = defineCommand({
  id: 'canvas.add',
  title: 'Add a node…',
  section: 'Canvas',
  icon: IconPlus,
  keys: ['Tab'],
  native: true,
  enabled: () => onCanvas() !== undefined,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const { document, pipeline, view, picked } = canvas
    const [only, ...others] = picked.nodes
    const place = only === undefined || others.length > 0 ? undefined : placesOf(document)[only]
    const at = place ? ([place[0] + step, place[1]] as const) : view.pointer()
    const link = place && only !== undefined ? linkBehind(pipeline, only) : undefined
    openOverlay(document, { type: 'add', spot: view.spotOf([...at]), at: [...at], ...(link && { link }) })
  },
})

function linkBehind(pipeline: Pipeline, node: string): Link {
  const definition = definitionOf(pipeline, registry, node)
  const output = definition && mainOutput(definition)
  return output?.name === 'out' ? { type: 'from', node, port: 'out' } : { type: 'after', node }
}

export const insert = defineCommand({
  id: 'canvas.insert',
  title: 'Insert a node…',
  section: 'Canvas',
  icon: IconRouteSquare2,
  enabled: () => pickedEdge() !== undefined,
  run() {
    const { document, view } = onCanvas() ?? {}
    const edge = pickedEdge()
    if (!document || !edge || !view) return
    const at = middleOf(document, edge)
    openOverlay(document, { type: 'add', spot: view.spotOf(at), at, link: { type: 'edge', edge: edgeId(edge) } })
  },
})

export const note = defineCommand({
  id: 'canvas.note',
  title: 'Add a note',
  section: 'Canvas',
  icon: IconNote,
  keys: ['N'],
  scope: 'canvas',
  enabled: () => onCanvas() !== undefined,
  run() {
    const canvas = onCanvas()
    if (canvas) typeInto(canvas.document, 'note', addNoteAt(canvas.document, canvas.view.pointer()))
  },
})
