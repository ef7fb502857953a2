import { useMemo } from 'react'
import type { ConnectionInfo } from '../../shared/contract/connections.ts'
import { ConnectionForm } from './ConnectionForm.tsx'
import { draftOf, emptyDraft } from './draft.ts'
import type { Shown } from './state.ts'

interface FormPaneProps {
  shown: Shown
  connections: readonly ConnectionInfo[]
}

/** The form of what is shown; each connection begins with a form of its own. */
export function FormPane({ shown, connections }: FormPaneProps) {
  const saved = shown.kind === 'saved' ? connections.find(({ name }) => name === shown.name) : undefined
  const own = saved?.name
  const taken = useMemo(() => connections.map(({ name }) => name).filter((name) => name !== own), [connections, own])
  if (shown.kind === 'new') {
    const draft = shown.config ? draftOf('', shown.config) : emptyDraft(shown.dialect)
    return <ConnectionForm key={shown.id} initial={draft} taken={taken} />
  }
  if (!saved) return null
  return <ConnectionForm key={shown.id} initial={draftOf(saved.name, saved.config)} saved={saved} taken={taken} />
}
