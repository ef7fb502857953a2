import { type RefObject, useEffect, useRef } from 'react'

/** Pixels of a line, for wheels that count in lines. */
const line = 16

/**
 * For a row of tabs that scrolls: the one in front, marked by `data-active`, is brought into sight whenever it is another, and the wheel
 * moves the row.
 */
export function useTabRow(active: string | null): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active !== null)
      list.current?.querySelector('[data-active]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [active])
  useEffect(() => {
    const row = list.current
    const onWheel = ({ deltaX, deltaY, deltaMode, ctrlKey, shiftKey }: WheelEvent) => {
      if (!row || deltaX !== 0 || ctrlKey || shiftKey) return
      row.scrollLeft += deltaMode === WheelEvent.DOM_DELTA_PIXEL ? deltaY : deltaY * line
    }
    row?.addEventListener('wheel', onWheel, { passive: true })
    return () => row?.removeEventListener('wheel', onWheel)
  }, [])
  return list
}
