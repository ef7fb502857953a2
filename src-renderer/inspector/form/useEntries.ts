import { useState } from 'react'

/**
 * A record as lines that can be half written: lines without a name, or with a name that is taken, wait here until the
 * record can hold them. A record that changes otherwise (undo) wins.
 */
export function useEntries<L>(
  value: unknown,
  read: (value: unknown) => L[],
  write: (lines: readonly L[]) => unknown,
  set: (value: unknown, typed?: boolean) => void,
) {
  const said = JSON.stringify(value ?? null)
  const [state, setState] = useState(() => ({ lines: read(value), said }))
  const lines = state.said === said ? state.lines : read(value)
  const put = (next: L[], typed?: boolean) => {
    const written = write(next)
    setState({ lines: next, said: JSON.stringify(written ?? null) })
    set(written, typed)
  }
  return { lines, put }
}
