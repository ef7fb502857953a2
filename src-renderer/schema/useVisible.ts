import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useCallback, useRef, useState } from 'react'

/** Lines made beyond those in sight, on either side. */
const spare = 10

/** Which of many lines of equal height are in sight. */
export function useVisible(count: number, lineHeight: number) {
  const { ref: measured, height } = useElementSize<HTMLDivElement>()
  const own = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const box = useMergedRef(measured, own)
  const onScroll = () => setTop(own.current?.scrollTop ?? 0)
  /** Scrolls as little as it takes to see a line. */
  const reveal = useCallback(
    (index: number) => {
      const element = own.current
      if (!element || index < 0) return
      const start = index * lineHeight
      const end = start + lineHeight - element.clientHeight
      if (element.scrollTop > start) element.scrollTop = start
      else if (element.scrollTop < end) element.scrollTop = end
    },
    [lineHeight],
  )
  const first = Math.max(0, Math.min(count, Math.floor(top / lineHeight) - spare))
  const last = Math.min(count, Math.ceil((top + height) / lineHeight) + spare)
  const page = Math.max(1, Math.floor(height / lineHeight) - 1)
  return { box, element: own, first, last, page, onScroll, reveal }
}
