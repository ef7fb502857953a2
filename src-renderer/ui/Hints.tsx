import { Kbd, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'
import { shortcutText } from '../commands/keys.ts'
import type { HintPlace } from './hint.ts'
import classes from './ui.module.css'

/** Milliseconds that the pointer rests before a hint is shown. */
const delay = 400

/** Shows what elements with `hint()` tell of themselves, one at a time. */
export function Hints() {
  const element = useRestedOn()
  const { hint, hintKeys, hintPlace } = element?.dataset ?? {}
  if (!element || hint === undefined) return null
  return (
    <Tooltip
      // Another element, another tooltip: it does not travel.
      key={element.dataset.hint}
      opened
      target={element}
      position={placeOf(hintPlace)}
      multiline
      maw={320}
      classNames={{ tooltip: classes.hint ?? '' }}
      label={
        hintKeys === undefined ? (
          hint
        ) : (
          <span className={classes.tip}>
            {hint} <Kbd size="xs">{shortcutText(hintKeys)}</Kbd>
          </span>
        )
      }
    />
  )
}

const placeOf = (text: string | undefined): HintPlace => (text === 'right' || text === 'bottom' ? text : 'top')

/** The element with a hint that the pointer rests on or that keys have come to; none once it is pressed or anything is typed. */
function useRestedOn(): HTMLElement | undefined {
  const [shown, setShown] = useState<HTMLElement>()
  useEffect(() => {
    let timer = 0
    let at: HTMLElement | null = null
    const hide = () => {
      clearTimeout(timer)
      setShown(undefined)
    }
    const come = (next: HTMLElement | null) => {
      if (next === at) return
      at = next
      hide()
      // What it has opened tells more than its name, and stands where the hint would.
      const show = () => {
        if (next?.isConnected && next.getAttribute('aria-expanded') !== 'true') setShown(next)
      }
      if (next) timer = window.setTimeout(show, delay)
    }
    const over = ({ target, pointerType }: PointerEvent) => {
      if (pointerType !== 'touch') come(hinted(target))
    }
    // The focus may move elsewhere while the pointer rests.
    const focus = ({ target }: FocusEvent) => {
      const next = hinted(target)
      if (next?.matches(':focus-visible, :has(:focus-visible)')) come(next)
    }
    const blur = ({ target }: FocusEvent) => {
      if (at && hinted(target) === at) come(null)
    }
    const out = () => come(null)
    const ended = new AbortController()
    const options = { signal: ended.signal, capture: true }
    document.addEventListener('pointerover', over, options)
    document.documentElement.addEventListener('pointerleave', out, { signal: ended.signal })
    document.addEventListener('focusin', focus, options)
    document.addEventListener('focusout', blur, options)
    for (const pressed of ['pointerdown', 'keydown', 'dragstart']) document.addEventListener(pressed, hide, options)
    return () => {
      ended.abort()
      clearTimeout(timer)
    }
  }, [])
  return shown
}

const hinted = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-hint]') : null
