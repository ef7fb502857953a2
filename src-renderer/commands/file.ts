import {
  IconCopy,
  IconDeviceFloppy,
  IconFilePlus,
  IconFolderOpen,
  IconStack2,
  IconTableImport,
  IconX,
} from '@tabler/icons-react'
import { newDocument, newDocumentFrom, pickAndOpen } from '../files/actions.ts'
import { canReopen, closeTab, closeTabs, reopenClosed } from '../files/close.ts'
import { pickDataFile } from '../files/data-files.ts'
import { reloadFile } from '../files/outside.ts'
import { saveDocument, saveDocumentAs } from '../files/save.ts'
import { documentOf, documentText, isUnsaved, useDocuments } from '../stores/documents.ts'
import { openDialog } from '../stores/window.ts'
import { showNotice } from '../ui/notify.ts'
import { defineCommand } from './define.ts'
import { documentInFront, tabInFront } from './in-front.ts'

const hasTab = () => tabInFront() !== null
const hasDocument = () => documentInFront() !== undefined

export const newFile = defineCommand({
  id: 'file.new',
  title: 'New pipeline',
  section: 'File',
  icon: IconFilePlus,
  // Browsers keep mod+N for themselves.
  keys: ['mod+N', 'alt+N'],
  whileTyping: true,
  async run() {
    await newDocument()
  },
})

export const open = defineCommand({
  id: 'file.open',
  title: 'Open…',
  section: 'File',
  icon: IconFolderOpen,
  keys: ['mod+O'],
  whileTyping: true,
  run: pickAndOpen,
})

export const samples = defineCommand({
  id: 'file.samples',
  title: 'Samples…',
  section: 'File',
  icon: IconStack2,
  run: () => openDialog('samples'),
})

export const addData = defineCommand({
  id: 'file.addData',
  title: 'Add data file…',
  section: 'File',
  icon: IconTableImport,
  keys: ['mod+shift+O'],
  run: pickDataFile,
})

export const save = defineCommand({
  id: 'file.save',
  title: 'Save',
  section: 'File',
  icon: IconDeviceFloppy,
  keys: ['mod+S'],
  whileTyping: true,
  enabled: hasDocument,
  async run() {
    const id = tabInFront()
    if (id !== null) await saveDocument(id)
  },
})

export const saveAs = defineCommand({
  id: 'file.saveAs',
  title: 'Save as…',
  section: 'File',
  keys: ['mod+shift+S'],
  whileTyping: true,
  enabled: hasDocument,
  async run() {
    const id = tabInFront()
    if (id !== null) await saveDocumentAs(id)
  },
})

export const saveAll = defineCommand({
  id: 'file.saveAll',
  title: 'Save all',
  section: 'File',
  enabled: () => Object.values(useDocuments.getState().documents).some(isUnsaved),
  async run() {
    for (const id of useDocuments.getState().order) {
      const document = documentOf(id)
      if (document && isUnsaved(document)) await saveDocument(id)
    }
  },
})

export const reload = defineCommand({
  id: 'file.reload',
  title: 'Reload from disk',
  section: 'File',
  enabled: () => (documentInFront()?.path ?? null) !== null,
  async run() {
    const id = tabInFront()
    if (id !== null) await reloadFile(id)
  },
})

export const copyJson = defineCommand({
  id: 'file.copyJson',
  title: 'Copy pipeline as JSON',
  section: 'File',
  icon: IconCopy,
  enabled: hasDocument,
  async run() {
    const document = documentInFront()
    if (!document) return
    await navigator.clipboard.writeText(documentText(document))
    showNotice(`${document.history.present.name} is on the clipboard.`)
  },
})

export const pasteJson = defineCommand({
  id: 'file.pasteJson',
  title: 'New pipeline from clipboard',
  section: 'File',
  async run() {
    await newDocumentFrom(await navigator.clipboard.readText())
  },
})

export const close = defineCommand({
  id: 'file.close',
  title: 'Close tab',
  section: 'File',
  icon: IconX,
  keys: ['mod+W', 'alt+W'],
  whileTyping: true,
  enabled: hasTab,
  async run() {
    const id = tabInFront()
    if (id !== null) await closeTab(id)
  },
})

export const closeOthers = defineCommand({
  id: 'file.closeOthers',
  title: 'Close other tabs',
  section: 'File',
  enabled: () => hasTab() && useDocuments.getState().order.length > 1,
  run: () => closeTabs(useDocuments.getState().order.filter((id) => id !== tabInFront())),
})

export const reopen = defineCommand({
  id: 'file.reopen',
  title: 'Reopen closed tab',
  section: 'File',
  keys: ['mod+shift+T', 'alt+shift+T'],
  enabled: canReopen,
  run: reopenClosed,
})
