import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { redoDocument, undoDocument } from '../stores/documents.ts'
import { defineCommand } from './define.ts'
import { documentInFront } from './in-front.ts'

export const undo = defineCommand({
  id: 'edit.undo',
  title: 'Undo',
  section: 'Edit',
  icon: IconArrowBackUp,
  keys: ['mod+Z'],
  enabled: () => (documentInFront()?.history.past.length ?? 0) > 0,
  run() {
    const document = documentInFront()
    if (document) undoDocument(document.id)
  },
})

export const redo = defineCommand({
  id: 'edit.redo',
  title: 'Redo',
  section: 'Edit',
  icon: IconArrowForwardUp,
  keys: ['mod+shift+Z', 'mod+Y'],
  enabled: () => (documentInFront()?.history.future.length ?? 0) > 0,
  run() {
    const document = documentInFront()
    if (document) redoDocument(document.id)
  },
})
