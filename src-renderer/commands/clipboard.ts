import { IconClipboard, IconCopy, IconCut } from '@tabler/icons-react'
import { copiedText, cutPicked, pasteText } from '../canvas/clipboard.ts'
import { showNotice } from '../ui/notify.ts'
import { type Command, defineCommand } from './define.ts'
import { shortcutText } from './keys.ts'
import { onCanvas } from './on-canvas.ts'

const canCopy = () => {
  const { picked } = onCanvas() ?? {}
  return picked !== undefined && picked.nodes.length + picked.notes.length + picked.groups.length > 0
}

export const cut = defineCommand({
  id: 'edit.cut',
  title: 'Cut',
  section: 'Edit',
  icon: IconCut,
  keys: ['mod+X'],
  native: true,
  enabled: canCopy,
  async run() {
    const canvas = onCanvas()
    await copy.run()
    if (canvas) cutPicked(canvas.document)
  },
})

export const copy: Command = defineCommand({
  id: 'edit.copy',
  title: 'Copy',
  section: 'Edit',
  icon: IconCopy,
  keys: ['mod+C'],
  native: true,
  enabled: canCopy,
  async run() {
    const canvas = onCanvas()
    const text = canvas && copiedText(canvas.document)
    if (text !== undefined) await navigator.clipboard.writeText(text)
  },
})

export const paste = defineCommand({
  id: 'edit.paste',
  title: 'Paste',
  section: 'Edit',
  icon: IconClipboard,
  keys: ['mod+V'],
  native: true,
  enabled: () => onCanvas() !== undefined,
  async run() {
    const canvas = onCanvas()
    if (!canvas) return
    const text = await navigator.clipboard.readText().catch(() => undefined)
    if (text === undefined) {
      // A page may read the clipboard only when it is allowed to; the keys need no permission.
      canvas.view.focus()
      showNotice(`Press ${shortcutText('mod+V')} to paste: this window may not read the clipboard by itself.`)
    } else {
      pasteText(canvas.document, text)
    }
  },
})
