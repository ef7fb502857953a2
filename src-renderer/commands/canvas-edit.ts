import { IconBan, IconCircleCheck, IconCopyPlus, IconCursorText, IconSelectAll, IconTrash } from '@tabler/icons-react'
import { setDisabled } from '../../shared/pipeline/edit-nodes.ts'
import { removeParts } from '../../shared/pipeline/edit-parts.ts'
import { duplicatePicked } from '../canvas/clipboard.ts'
import { typeInPlace } from '../canvas/typing.ts'
import { changeDocument } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { defineCommand } from './define.ts'
import { onCanvas } from './on-canvas.ts'

const anyPicked = () => {
  const { nodes = [], edges = [], notes = [], groups = [] } = onCanvas()?.picked ?? {}
  return nodes.length + edges.length + notes.length + groups.length > 0
}

export const remove = defineCommand({
  id: 'edit.delete',
  title: 'Delete',
  section: 'Edit',
  icon: IconTrash,
  keys: ['Delete', 'Backspace'],
  scope: 'canvas',
  enabled: anyPicked,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    changeDocument(canvas.document, (pipeline) => removeParts(pipeline, canvas.picked))
    select(canvas.document, {})
    canvas.view.focus()
  },
})

export const duplicate = defineCommand({
  id: 'edit.duplicate',
  title: 'Duplicate',
  section: 'Edit',
  icon: IconCopyPlus,
  keys: ['mod+D'],
  scope: 'canvas',
  enabled: () => {
    const { nodes = [], notes = [], groups = [] } = onCanvas()?.picked ?? {}
    return nodes.length + notes.length + groups.length > 0
  },
  run() {
    const canvas = onCanvas()
    if (canvas) duplicatePicked(canvas.document)
  },
})

export const selectAll = defineCommand({
  id: 'edit.selectAll',
  title: 'Select all',
  section: 'Edit',
  icon: IconSelectAll,
  keys: ['mod+A'],
  scope: 'canvas',
  enabled: () => onCanvas() !== undefined,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const { nodes, notes } = canvas.pipeline
    select(canvas.document, { nodes: Object.keys(nodes), notes: Object.keys(notes) })
  },
})

export const rename = defineCommand({
  id: 'canvas.rename',
  title: 'Rename',
  section: 'Canvas',
  icon: IconCursorText,
  keys: ['F2'],
  scope: 'canvas',
  enabled: () => {
    const { nodes = [], notes = [], groups = [] } = onCanvas()?.picked ?? {}
    return nodes.length + notes.length + groups.length === 1
  },
  run() {
    const { document, picked } = onCanvas() ?? {}
    if (!document || !picked) return
    const [node, note, group] = [picked.nodes[0], picked.notes[0], picked.groups[0]]
    if (node !== undefined) typeInPlace(document, 'node', node)
    else if (note !== undefined) typeInPlace(document, 'note', note)
    else if (group !== undefined) typeInPlace(document, 'group', group)
  },
})

const hasDisabled = (disabled: boolean) => {
  const { pipeline, picked } = onCanvas() ?? {}
  return picked?.nodes.some((id) => (pipeline?.nodes[id]?.disabled ?? false) === disabled) ?? false
}

function switchPicked(disabled: boolean): void {
  const canvas = onCanvas()
  if (canvas) changeDocument(canvas.document, (pipeline) => setDisabled(pipeline, canvas.picked.nodes, disabled))
}

export const disable = defineCommand({
  id: 'canvas.disable',
  title: 'Disable',
  section: 'Canvas',
  icon: IconBan,
  keys: ['D'],
  scope: 'canvas',
  enabled: () => hasDisabled(false),
  run: () => switchPicked(true),
})

export const enable = defineCommand({
  id: 'canvas.enable',
  title: 'Enable',
  section: 'Canvas',
  icon: IconCircleCheck,
  keys: ['D'],
  scope: 'canvas',
  enabled: () => hasDisabled(true) && !hasDisabled(false),
  run: () => switchPicked(false),
})
