import { useCallback, useEffect, useRef, useState } from 'react'

/** Milliseconds that typed text waits before the document has it. */
const wait = 80

const waiting = new Set<() => void>()

/** Gives every text that was typed just now to its document: before a run, a save, an undo. */
export function settleDrafts(): void {
  for (const flush of [...waiting]) flush()
}

interface Draft {
  text: string
  /** What the document said when the text was last in step with it. */
  from: string
  /** Whether the document has it. */
  settled: boolean
}

/**
 * Text while it is typed: shown at once, given to the document in a moment. A document that changes otherwise (undo) wins.
 * @param normal how the document writes what was typed
 */
export function useDraft(value: string, commit: (text: string) => void, normal = (text: string) => text) {
  const [draft, setDraft] = useState<Draft | null>(null)
  const pending = useRef<string | null>(null)
  const latest = useRef({ commit, normal })
  useEffect(() => {
    latest.current = { commit, normal }
  })
  const flush = useCallback(() => {
    const text = pending.current
    pending.current = null
    waiting.delete(flush)
    if (text === null) return
    setDraft({ text, from: latest.current.normal(text), settled: true })
    latest.current.commit(text)
  }, [])
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const setText = useCallback(
    (text: string) => {
      pending.current = text
      waiting.add(flush)
      setDraft({ text, from: value, settled: false })
      clearTimeout(timer.current)
      timer.current = setTimeout(flush, wait)
    },
    [flush, value],
  )
  useEffect(() => flush, [flush])
  const leave = useCallback(() => {
    flush()
    setDraft(null)
  }, [flush])
  const { text, settled } = draft?.from === value ? draft : { text: value, settled: true }
  return { text, settled, setText, flush, leave }
}
