import { IconFocusCentered, IconMap2, IconMinus, IconPlus, IconSearch, IconZoomReset } from '@tabler/icons-react'
import { openOverlay } from '../canvas/state.ts'
import { recall, remember } from '../stores/settings.ts'
import { type Command, defineCommand } from './define.ts'
import { onCanvas } from './on-canvas.ts'

const there = () => onCanvas() !== undefined

export const fit = defineCommand({
  id: 'canvas.fit',
  title: 'Show everything',
  section: 'Canvas',
  icon: IconFocusCentered,
  keys: ['0'],
  scope: 'canvas',
  enabled: there,
  run: () => onCanvas()?.view.fit(),
})

export const reset = defineCommand({
  id: 'canvas.reset',
  title: 'Zoom to 100 %',
  section: 'Canvas',
  icon: IconZoomReset,
  keys: ['1'],
  scope: 'canvas',
  enabled: there,
  run: () => onCanvas()?.view.reset(),
})

export const zoomIn = defineCommand({
  id: 'canvas.zoomIn',
  title: 'Zoom in',
  section: 'Canvas',
  icon: IconPlus,
  keys: ['+', '='],
  scope: 'canvas',
  enabled: there,
  run: () => onCanvas()?.view.zoomIn(),
})

export const zoomOut = defineCommand({
  id: 'canvas.zoomOut',
  title: 'Zoom out',
  section: 'Canvas',
  icon: IconMinus,
  keys: ['-'],
  scope: 'canvas',
  enabled: there,
  run: () => onCanvas()?.view.zoomOut(),
})

export const minimap = defineCommand({
  id: 'canvas.minimap',
  title: 'Minimap',
  section: 'Canvas',
  icon: IconMap2,
  keys: ['M'],
  scope: 'canvas',
  enabled: there,
  run: () => remember('canvas.minimap', recall('canvas.minimap') === false),
})

export const find = defineCommand({
  id: 'canvas.find',
  title: 'Find a node…',
  section: 'Canvas',
  icon: IconSearch,
  keys: ['mod+F'],
  scope: 'canvas',
  enabled: there,
  run() {
    const canvas = onCanvas()
    if (canvas) openOverlay(canvas.document, { type: 'find' })
  },
})

export const viewing: readonly Command[] = [fit, reset, zoomIn, zoomOut, minimap, find]
