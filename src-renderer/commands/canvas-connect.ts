import { IconArrowRightDashed, IconPlugConnected } from '@tabler/icons-react'
import { openOverlay } from '../canvas/state.ts'
import { defineCommand } from './define.ts'
import { onCanvas, pickedNode } from './on-canvas.ts'

function choose(order: boolean): void {
  const canvas = onCanvas()
  const node = pickedNode()
  if (canvas && node !== undefined) openOverlay(canvas.document, { type: 'connect', node, order })
}

export const connectTo = defineCommand({
  id: 'canvas.connect',
  title: 'Connect to…',
  section: 'Canvas',
  icon: IconPlugConnected,
  keys: ['C'],
  scope: 'canvas',
  enabled: () => pickedNode() !== undefined,
  run: () => choose(false),
})

export const runAfter = defineCommand({
  id: 'canvas.runAfter',
  title: 'Run afterwards…',
  section: 'Canvas',
  icon: IconArrowRightDashed,
  keys: ['shift+C'],
  scope: 'canvas',
  enabled: () => pickedNode() !== undefined,
  run: () => choose(true),
})
