import { useEffect } from 'react'
import { asAppError } from '../api/client.ts'
import { showError } from '../ui/notify.ts'
import { copiedText, cutPicked, pasteText } from './clipboard.ts'

/**
 * Copy, cut and paste on the canvas, by the browser's own events: they carry the clipboard without asking for a permission.
 */
export function useClipboard(document: string): void {
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      const text = concernsCanvas(event) ? copiedText(document) : undefined
      if (text === undefined || !event.clipboardData) return
      event.clipboardData.setData('text/plain', text)
      event.preventDefault()
      if (event.type === 'cut') cutPicked(document)
    }
    const onPaste = (event: ClipboardEvent) => {
      const text = concernsCanvas(event) ? event.clipboardData?.getData('text/plain') : undefined
      if (text === undefined) return
      event.preventDefault()
      try {
        pasteText(document, text, event.clipboardData?.getData('text/html'))
      } catch (thrown) {
        showError(asAppError(thrown), 'This cannot be pasted')
      }
    }
    window.document.addEventListener('copy', onCopy)
    window.document.addEventListener('cut', onCopy)
    window.document.addEventListener('paste', onPaste)
    return () => {
      window.document.removeEventListener('copy', onCopy)
      window.document.removeEventListener('cut', onCopy)
      window.document.removeEventListener('paste', onPaste)
    }
  }, [document])
}

/** Whether the canvas, or nothing at all, has the focus, and no text is marked elsewhere. */
function concernsCanvas({ target }: ClipboardEvent): boolean {
  if (!(target instanceof Element) || target.closest('input, textarea, [contenteditable="true"]')) return false
  const focused = window.document.activeElement
  if (focused !== window.document.body && !focused?.closest('[data-canvas]')) return false
  return (
    window.document.activeElement?.closest('[data-canvas]') !== null || window.getSelection()?.isCollapsed !== false
  )
}
