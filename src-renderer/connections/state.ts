import { create } from 'zustand'
import type { ConnectionConfig, DialectId } from '../../shared/connections.ts'
import { confirm } from '../ui/dialogs.ts'

/** What the form shows: a saved connection, or a new one that may begin as another. With another id, the form begins anew. */
export type Shown =
  | { kind: 'saved'; id: string; name: string }
  | { kind: 'new'; id: string; dialect: DialectId; config?: ConnectionConfig }

interface ConnectionsState {
  shown: Shown | null
  /** The form holds what is not saved. */
  edited: boolean
  /** The connection that is to be removed, while it is asked about. */
  removing: string | null
}

export const useConnectionsState = create<ConnectionsState>()(() => ({ shown: null, edited: false, removing: null }))

/** Shows something else in the form, once the user agrees to lose what is not saved. @returns whether it does */
export async function show(shown: Shown | null): Promise<boolean> {
  if (useConnectionsState.getState().edited) {
    const agreed = await confirm({
      title: 'Leave without saving?',
      message: 'What was changed in the form is lost.',
      action: 'Leave',
      danger: true,
    })
    if (!agreed) return false
  }
  const { shown: before } = useConnectionsState.getState()
  useConnectionsState.setState({ shown, edited: false })
  if (shown === null && before?.kind === 'saved') focusCard(before.name)
  return true
}

/** The keyboard goes on from the card whose form was closed. */
function focusCard(name: string): void {
  for (const card of document.querySelectorAll<HTMLElement>('[data-connection]'))
    if (card.dataset.connection === name) card.focus()
}

/** The connection has another name now: its form stays as it is. */
export function showRenamed(name: string, to: string): void {
  const { shown } = useConnectionsState.getState()
  if (shown?.kind === 'saved' && shown.name === name) useConnectionsState.setState({ shown: { ...shown, name: to } })
}

/** The connection is gone, and its form with it. */
export function closeRemoved(name: string): void {
  const { shown, removing } = useConnectionsState.getState()
  if (shown?.kind === 'saved' && shown.name === name) useConnectionsState.setState({ shown: null, edited: false })
  if (removing === name) useConnectionsState.setState({ removing: null })
}

export const showSaved = (name: string) => show({ kind: 'saved', id: crypto.randomUUID(), name })

export const showNew = (dialect: DialectId, config?: ConnectionConfig) =>
  show({ kind: 'new', dialect, ...(config && { config }), id: crypto.randomUUID() })
