import { type RefObject, useEffect, useRef } from 'react'

/** For a row of tabs that scrolls: the one in front, marked by `data-active`, is brought into sight whenever it is another. */
export function useActiveInView(active: string | null): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active !== null)
      list.current?.querySelector('[data-active]')?.scrollIntoView({ inline: 'nearest', block: 'nearest' })
  }, [active])
  return list
}
