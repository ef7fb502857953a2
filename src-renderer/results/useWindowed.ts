import { useElementSize, useMergedRef } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'

/** Lines made beyond those in sight, on either side. */
const spare = 8

/** Which of many lines of equal height are in sight. Stays at the end while it is there and lines are added. */
export function useWindowed(count: number, lineHeight: number) {
  const { ref: measured, height } = useElementSize()
  const own = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const [top, setTop] = useState(0)
  const box = useMergedRef(measured, own)
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines that are added move the end
  useEffect(() => {
    const element = own.current
    if (element && atEnd.current) element.scrollTop = element.scrollHeight
  }, [count, height])
  const onScroll = () => {
    const element = own.current
    if (!element) return
    atEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - lineHeight
    setTop(element.scrollTop)
  }
  const first = Math.max(0, Math.floor(top / lineHeight) - spare)
  const last = Math.min(count, Math.ceil((top + height) / lineHeight) + spare)
  return { box, first, last, onScroll }
}
