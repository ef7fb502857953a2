import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { workspaceConnection } from '../../shared/connections.ts'
import type { KnownConnection } from '../../shared/contract/connections.ts'
import type { SqlDialect } from '../../shared/sql/placeholders.ts'
import { knownConnections } from '../api/known.ts'
import { useDocuments } from '../stores/documents.ts'
import { useProgram } from '../stores/program.ts'

/** A connection and the folder that its name is looked up from. */
export interface PlacedConnection extends KnownConnection {
  folder: string
}

interface KnownConnections {
  connections: readonly PlacedConnection[]
  loading: boolean
  /** The first list that could not be had. */
  failed: { error: Error | null; refetch(): unknown } | undefined
}

let known: readonly PlacedConnection[] = []

/** Connections of the workspace, and those of the folders whose pipelines are open. */
export function useConnections(): KnownConnections {
  const home = useProgram(({ info }) => info?.home ?? null)
  const documents = useDocuments((state) => state.documents)
  const folders = useMemo(
    () => [...new Set([...(home === null ? [] : [home]), ...Object.values(documents).map(({ folder }) => folder)])],
    [home, documents],
  )
  const found = useQueries({
    queries: folders.map(knownConnections),
    combine: (results) => ({
      lists: results.map(({ data }) => data),
      loading: results.some(({ isLoading }) => isLoading),
      failed: results.find(({ isError }) => isError),
    }),
  })
  const connections = useMemo(() => {
    const all = folders.flatMap((folder, index) => (found.lists[index] ?? []).map((one) => ({ ...one, folder })))
    // Those of the workspace are the same wherever they are asked for.
    const kept = all.filter(({ origin, folder }) => origin === 'folder' || folder === folders[0])
    known = kept
    return kept
  }, [folders, found.lists])
  return { connections, loading: found.loading, failed: found.failed }
}

/** Those whose names can be used together from a folder. */
export const reachableFrom = (connections: readonly PlacedConnection[], folder: string): readonly PlacedConnection[] =>
  connections.filter((one) => one.origin !== 'folder' || one.folder === folder)

/** Whether SQL goes to all connections at once. */
export const isWorkspace = (name: string | null): boolean => name === workspaceConnection

/** What people call a connection. */
export const titleOf = (name: string): string => (isWorkspace(name) ? 'Workspace' : name)

/** Whose SQL a connection takes; that of Postgres while it is not known. */
export const dialectOf = (name: string | null, folder: string): SqlDialect =>
  isWorkspace(name) ? 'duckdb' : (connectionOf(name, folder)?.dialect ?? 'postgres')

export const connectionOf = (name: string | null, folder: string): PlacedConnection | undefined =>
  known.find((one) => one.name === name && one.folder === folder) ?? known.find((one) => one.name === name)
