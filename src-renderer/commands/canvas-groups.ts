import { IconBoxMargin, IconPalette, IconSquareOff } from '@tabler/icons-react'
import { changeGroup, changeNote, groupNodes, groupOf, leaveGroups } from '../../shared/pipeline/edit-frames.ts'
import { freeId } from '../../shared/pipeline/edit-nodes.ts'
import { removeParts } from '../../shared/pipeline/edit-parts.ts'
import { noteColors } from '../../shared/pipeline/schema.ts'
import { typeInto } from '../canvas/state.ts'
import { changeDocument } from '../stores/documents.ts'
import { select } from '../stores/selection.ts'
import { defineCommand } from './define.ts'
import { onCanvas, pickedNodes } from './on-canvas.ts'

export const group = defineCommand({
  id: 'canvas.group',
  title: 'Group',
  section: 'Canvas',
  icon: IconBoxMargin,
  keys: ['mod+G'],
  scope: 'canvas',
  enabled: () => pickedNodes() > 0,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const id = freeId('group', (taken) => Object.hasOwn(canvas.pipeline.groups, taken))
    changeDocument(canvas.document, (pipeline) => groupNodes(pipeline, id, canvas.picked.nodes, 'Group'))
    select(canvas.document, { groups: [id] })
    typeInto(canvas.document, 'group', id)
  },
})

export const ungroup = defineCommand({
  id: 'canvas.ungroup',
  title: 'Ungroup',
  section: 'Canvas',
  icon: IconSquareOff,
  keys: ['mod+shift+G'],
  scope: 'canvas',
  enabled: () => (onCanvas()?.picked.groups.length ?? 0) > 0,
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const { groups } = canvas.picked
    const nodes = groups.flatMap((id) => canvas.pipeline.groups[id]?.nodes ?? [])
    changeDocument(canvas.document, (pipeline) => removeParts(pipeline, { nodes: [], edges: [], notes: [], groups }))
    select(canvas.document, { nodes })
  },
})

export const leaveGroup = defineCommand({
  id: 'canvas.leaveGroup',
  title: 'Take out of the group',
  section: 'Canvas',
  enabled: () => {
    const { pipeline, picked } = onCanvas() ?? {}
    return picked?.nodes.some((id) => pipeline && groupOf(pipeline, id) !== undefined) ?? false
  },
  run() {
    const canvas = onCanvas()
    if (canvas) changeDocument(canvas.document, (pipeline) => leaveGroups(pipeline, canvas.picked.nodes))
  },
})

const after = (color: (typeof noteColors)[number]) =>
  noteColors[(noteColors.indexOf(color) + 1) % noteColors.length] ?? color

export const color = defineCommand({
  id: 'canvas.color',
  title: 'Next colour',
  section: 'Canvas',
  icon: IconPalette,
  enabled: () => {
    const { notes = [], groups = [] } = onCanvas()?.picked ?? {}
    return notes.length + groups.length > 0
  },
  run() {
    const canvas = onCanvas()
    if (!canvas) return
    const { notes, groups } = canvas.picked
    changeDocument(canvas.document, (pipeline) => {
      const papers = notes.reduce(
        (changed, id) => changeNote(changed, id, { color: after(changed.notes[id]?.color ?? 'yellow') }),
        pipeline,
      )
      return groups.reduce(
        (changed, id) => changeGroup(changed, id, { color: after(changed.groups[id]?.color ?? 'gray') }),
        papers,
      )
    })
  },
})
