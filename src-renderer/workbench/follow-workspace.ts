import type { QueryClient } from '@tanstack/react-query'
import type { WorkspaceChange } from '../../shared/contract/app.ts'
import { api } from '../api/client.ts'
import { closeRemoved, showRenamed } from '../connections/state.ts'
import { useLink } from '../stores/link.ts'
import { removedElsewhere, renamedElsewhere } from './connection-tabs.ts'
import { removedQuery, renamedQuery, savedQuery } from './saved-tabs.ts'

/** Shows here what pages change of the workspace's connections and saved queries; called once. */
export function followWorkspace(queries: QueryClient): void {
  const listen = async () => {
    try {
      for await (const change of await api.app.changes()) {
        await take(change)
        void queries.invalidateQueries({ queryKey: [change.type.startsWith('query') ? 'saved' : 'connections'] })
        // The files name their connections.
        if (change.type === 'connection-renamed') void queries.invalidateQueries({ queryKey: ['saved'] })
      }
    } catch {
      // The engine went away; the next one is listened to when it is there.
    }
  }
  useLink.subscribe(({ times }, before) => {
    if (times !== before.times) void listen()
  })
  if (useLink.getState().connected) void listen()
}

/** What this page did itself is done here already, and stays as it is. */
async function take(change: WorkspaceChange): Promise<void> {
  switch (change.type) {
    case 'connections':
      return
    case 'connection-renamed':
      renamedElsewhere(change.name, change.to)
      return showRenamed(change.name, change.to)
    case 'connection-removed':
      closeRemoved(change.name)
      return removedElsewhere(change.name).catch(() => undefined)
    case 'query-saved':
      return savedQuery(change.query)
    case 'query-renamed':
      return renamedQuery(change.path, change.query)
    case 'query-removed':
      return removedQuery(change.path)
  }
}
