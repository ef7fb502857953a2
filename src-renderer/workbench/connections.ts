import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { workspaceConnection } from '../../shared/connections.ts'
import type { KnownConnection } from '../../shared/contract/connections.ts'
import type { SqlDialect } from '../../shared/sql/placeholders.ts'
import { knownConnections } from '../api/known.ts'
import { isWithin } from '../files/paths.ts'
import { useDocuments } from '../stores/documents.ts'
import { useProgram } from '../stores/program.ts'
import { type QueryTab, useTabs } from './tabs.ts'

/** A connection and the folder that its name is looked up from: that of the file which defines it, else the workspace. */
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

/** Connections of the workspace, and those of the folders whose pipelines are open or which open queries are from. */
export function useConnections(): KnownConnections {
  const home = useProgram(({ info }) => info?.home ?? null)
  const documents = useDocuments((state) => state.documents)
  const queried = useTabs(useShallow(({ tabs }) => tabs.map(({ folder }) => folder).filter((folder) => folder !== '')))
  const folders = useMemo(() => {
    const opened = Object.values(documents).map(({ folder }) => folder)
    return [...new Set([...(home === null ? [] : [home]), ...opened, ...queried])]
  }, [home, documents, queried])
  const found = useQueries({
    queries: folders.map(knownConnections),
    combine: (results) => ({
      lists: results.map(({ data }) => data),
      loading: results.some(({ isLoading }) => isLoading),
      failed: results.find(({ isError }) => isError),
    }),
  })
  const connections = useMemo(() => {
    const all = found.lists.flatMap((list) => list ?? [])
    // The same one is seen from every folder below the one that defines it.
    const placed = new Map(all.map((one) => [JSON.stringify([one.definedIn, one.name]), one]))
    known = [...placed.values()].map((one) => ({ ...one, folder: one.definedIn ?? folders[0] ?? '' }))
    return known
  }, [folders, found.lists])
  return { connections, loading: found.loading, failed: found.failed }
}

/** Those whose names can be used together from a folder. */
export const reachableFrom = (connections: readonly PlacedConnection[], folder: string): readonly PlacedConnection[] =>
  connections.filter((one) => nearestOf(connections, one.name, folder) === one)

/** What a name means in a folder: the environment's, else that of the nearest connections.json, else the workspace's. */
const nearestOf = (connections: readonly PlacedConnection[], name: string, folder: string) =>
  connections
    .filter((one) => one.name === name && (one.definedIn === null || isWithin(folder, one.definedIn)))
    .toSorted((one, other) => (other.definedIn?.length ?? 0) - (one.definedIn?.length ?? 0))[0]

/** Whether the connection that a tab names is not there any more. */
export function useIsGone(tab: Pick<QueryTab, 'connection' | 'folder'> | undefined): boolean {
  const { loading, failed } = useConnections()
  if (!tab || tab.connection === null || isWorkspace(tab.connection) || loading || failed) return false
  return connectionOf(tab.connection, tab.folder) === undefined
}

export const goneText = (name: string | null | undefined): string => `There is no connection “${name ?? ''}” any more.`

/** Whether SQL goes to all connections at once. */
export const isWorkspace = (name: string | null): boolean => name === workspaceConnection

/** What people call a connection. */
export const titleOf = (name: string): string => (isWorkspace(name) ? 'Workspace' : name)

/** Whose SQL a connection takes; that of Postgres while it is not known. */
export const dialectOf = (name: string | null, folder: string): SqlDialect =>
  isWorkspace(name) ? 'duckdb' : (connectionOf(name, folder)?.dialect ?? 'postgres')

export const connectionOf = (name: string | null, folder: string): PlacedConnection | undefined =>
  nearestOf(known, name ?? '', folder) ?? known.find((one) => one.name === name)
