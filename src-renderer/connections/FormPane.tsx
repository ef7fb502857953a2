import { useMemo, useState } from 'react'
import type { ConnectionInfo } from '../../shared/contract/connections.ts'
import { ConnectionForm } from './ConnectionForm.tsx'
import { draftOf, emptyDraft } from './draft.ts'
import type { Shown } from './state.ts'

interface FormPaneProps {
  shown: Shown
  connections: readonly ConnectionInfo[]
}

/** The form of what is shown. Each thing shown has one of its own; one that is saved, or renamed, goes on with it. */
export function FormPane({ shown, connections }: FormPaneProps) {
  const name = shown.kind === 'saved' ? shown.name : undefined
  const found = connections.find((one) => one.name === name)
  const [last, setLast] = useState(found)
  if (found && found !== last) setLast(found)
  const taken = useMemo(() => connections.map((one) => one.name).filter((other) => other !== name), [connections, name])
  if (shown.kind === 'new') {
    const draft = shown.config ? draftOf('', shown.config) : emptyDraft(shown.dialect)
    return <ConnectionForm initial={draft} taken={taken} />
  }
  // A list from before it was renamed does not have it by its new name.
  const saved = found ?? (last && { ...last, name: shown.name })
  return saved && <ConnectionForm initial={draftOf(saved.name, saved.config)} saved={saved} taken={taken} />
}
