import { useState } from 'react'

/** The same object for as long as it says the same. */
export function useStable<T>(value: T): T {
  const [kept, keep] = useState(value)
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept
  keep(value)
  return value
}
