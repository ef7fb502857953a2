import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ConnectionUse } from '../../shared/contract/connections.ts'
import { api } from '../api/client.ts'
import { isWithin } from '../files/paths.ts'
import { useDocuments } from '../stores/documents.ts'
import { useLink } from '../stores/link.ts'

/** Everything here is asked again when the engine process was started anew: a session's secrets are gone then. */
const useTimes = () => useLink(({ times }) => times)

export function useSaved() {
  const times = useTimes()
  return useQuery({ queryKey: ['connections', 'saved', times], queryFn: () => api.connections.list() })
}

export function useVaultState() {
  const times = useTimes()
  return useQuery({ queryKey: ['connections', 'vault', times], queryFn: () => api.vault.state() })
}

/** Folders of the open pipelines. */
function useFolders(): readonly string[] {
  const documents = useDocuments((state) => state.documents)
  return useMemo(() => [...new Set(Object.values(documents).map(({ folder }) => folder))].sort(), [documents])
}

export function useGiven() {
  const folders = useFolders()
  return useQuery({
    queryKey: ['connections', 'given', folders],
    queryFn: () => api.connections.given({ folders: [...folders] }),
    placeholderData: keepPreviousData,
  })
}

type Uses = Readonly<Record<string, readonly ConnectionUse[]>>

/** Where connections are used; open pipelines count as they are in the window. */
export function useUses(): Uses {
  const { data } = useQuery({ queryKey: ['connections', 'uses'], queryFn: () => api.connections.uses() })
  const { data: given } = useGiven()
  const documents = useDocuments((state) => state.documents)
  return useMemo(() => {
    // A pipeline whose folder defines the name itself does not use the workspace's.
    const elsewhere = (name: string, folder: string) =>
      given?.some((one) => one.name === name && one.folder !== null && isWithin(folder, one.folder)) ?? false
    const open = Object.values(documents)
    const paths = new Set(open.map(({ path }) => path))
    const uses: Record<string, ConnectionUse[]> = {}
    for (const [name, found] of Object.entries(data ?? {})) uses[name] = found.filter(({ path }) => !paths.has(path))
    for (const { path, folder, history } of open) {
      const { name: pipeline, nodes } = history.present
      const named = new Map<string, string[]>()
      for (const [id, { config }] of Object.entries(nodes)) {
        if (typeof config.connection !== 'string' || elsewhere(config.connection, folder)) continue
        named.set(config.connection, [...(named.get(config.connection) ?? []), id])
      }
      for (const [name, ids] of named) uses[name] = [...(uses[name] ?? []), { pipeline, path: path ?? '', nodes: ids }]
    }
    return uses
  }, [data, given, documents])
}

/** Asks for everything about connections again, here and in other places that list them. */
export function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: ['connections'] })
}
