import { createContext, useContext } from 'react'

/** What is picked in a diagram, and what is related to it. */
export interface Marks {
  picked: string | null
  near: ReadonlySet<string>
}

export const MarksContext = createContext<Marks>({ picked: null, near: new Set() })

/** How a table stands to what is picked; undefined while nothing is. */
export function useBoxMark(id: string): 'picked' | 'near' | 'aside' | undefined {
  const { picked, near } = useContext(MarksContext)
  if (picked === null) return undefined
  if (picked === id) return 'picked'
  return near.has(id) ? 'near' : 'aside'
}

/** How a relation stands to what is picked. */
export function useRelationMark(from: string, to: string): 'part' | 'aside' | undefined {
  const { picked } = useContext(MarksContext)
  if (picked === null) return undefined
  return picked === from || picked === to ? 'part' : 'aside'
}
