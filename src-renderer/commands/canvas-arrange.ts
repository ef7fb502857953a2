import {
  IconLayoutAlignBottom,
  IconLayoutAlignCenter,
  IconLayoutAlignLeft,
  IconLayoutAlignMiddle,
  IconLayoutAlignRight,
  IconLayoutAlignTop,
  IconLayoutDistributeHorizontal,
  IconLayoutDistributeVertical,
  IconSitemap,
  type TablerIcon,
} from '@tabler/icons-react'
import { align, type Box, distribute, type Side } from '../../shared/pipeline/edit-arrange.ts'
import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import { moveTo, placesOf } from '../canvas/actions.ts'
import { cardHeight, cardWidth } from '../canvas/metrics.ts'
import { type Command, defineCommand } from './define.ts'
import { onCanvas, pickedNodes } from './on-canvas.ts'

/** Arranges nodes from left to right; the corner they start from stays. */
async function arrangeNodes(ids: readonly string[]): Promise<void> {
  const canvas = onCanvas()
  if (!canvas) return
  const { arrange } = await import('../canvas/layout.ts')
  const before = placesOf(canvas.document)
  const known = ids.flatMap((id) => (before[id] ? [before[id]] : []))
  const left = Math.min(...known.map(([x]) => x))
  const top = Math.min(...known.map(([, y]) => y))
  const places = Object.entries(arrange(canvas.pipeline, ids))
  const nodes = Object.fromEntries(places.map(([id, [x, y]]): [string, Place] => [id, [x + left, y + top]]))
  moveTo(canvas.document, { nodes })
}

export const layout = defineCommand({
  id: 'canvas.layout',
  title: 'Arrange all nodes',
  section: 'Canvas',
  icon: IconSitemap,
  keys: ['L'],
  scope: 'canvas',
  enabled: () => Object.keys(onCanvas()?.pipeline.nodes ?? {}).length > 1,
  async run() {
    const canvas = onCanvas()
    if (!canvas) return
    await arrangeNodes(Object.keys(canvas.pipeline.nodes))
    // What was arranged is drawn first, then shown.
    requestAnimationFrame(() => canvas.view.fit())
  },
})

export const layoutPicked = defineCommand({
  id: 'canvas.layoutPicked',
  title: 'Arrange picked nodes',
  section: 'Canvas',
  keys: ['shift+L'],
  scope: 'canvas',
  enabled: () => pickedNodes() > 1,
  run: () => arrangeNodes(onCanvas()?.picked.nodes ?? []),
})

function boxes(): Box[] {
  const canvas = onCanvas()
  const places = canvas ? placesOf(canvas.document) : {}
  return (canvas?.picked.nodes ?? []).flatMap((id) => {
    const place = places[id]
    return place ? [{ id, x: place[0], y: place[1], width: cardWidth, height: cardHeight }] : []
  })
}

function movePicked(nodes: Record<string, Place>): void {
  const canvas = onCanvas()
  if (canvas) moveTo(canvas.document, { nodes })
}

const alignTo = (side: Side, title: string, icon: TablerIcon): Command =>
  defineCommand({
    id: `canvas.align.${side}`,
    title,
    section: 'Canvas',
    icon,
    enabled: () => pickedNodes() > 1,
    run: () => movePicked(align(boxes(), side)),
  })

const distributeAlong = (along: 'x' | 'y', title: string, icon: TablerIcon): Command =>
  defineCommand({
    id: `canvas.distribute.${along}`,
    title,
    section: 'Canvas',
    icon,
    enabled: () => pickedNodes() > 2,
    run: () => movePicked(distribute(boxes(), along)),
  })

export const arranging: readonly Command[] = [
  layout,
  layoutPicked,
  alignTo('left', 'Align left', IconLayoutAlignLeft),
  alignTo('center', 'Align centres', IconLayoutAlignCenter),
  alignTo('right', 'Align right', IconLayoutAlignRight),
  alignTo('top', 'Align top', IconLayoutAlignTop),
  alignTo('middle', 'Align middles', IconLayoutAlignMiddle),
  alignTo('bottom', 'Align bottom', IconLayoutAlignBottom),
  distributeAlong('x', 'Distribute horizontally', IconLayoutDistributeVertical),
  distributeAlong('y', 'Distribute vertically', IconLayoutDistributeHorizontal),
]
