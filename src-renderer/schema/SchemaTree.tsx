import { CloseButton, Loader, TextInput } from '@mantine/core'
import { IconRefresh, IconSchema, IconSearch } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useRef } from 'react'
import { asAppError } from '../api/client.ts'
import { useSettings } from '../stores/settings.ts'
import { Failed } from '../ui/Failed.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { showError } from '../ui/notify.ts'
import { showInDiagram } from './actions.ts'
import type { Listing } from './listing.ts'
import { type Database, placeKey } from './place.ts'
import { refreshSchema, useDetails, useObjects } from './queries.ts'
import { treeRows } from './rows.ts'
import classes from './SchemaTree.module.css'
import { registerTree } from './shown-tree.ts'
import { activate, searchTree, useTree } from './state.ts'
import { Tree } from './Tree.tsx'
import { openAtFirst } from './useTreeActions.ts'

/** What a database holds: searched, refreshed, opened, dragged from. */
export function SchemaTree({ database }: { database: Database }) {
  const search = useRef<HTMLInputElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const tree = useTree(database)
  const found = useObjects(database)
  const refresh = useRefresh(database)
  useEffect(
    () =>
      registerTree({
        search: () => search.current?.select(),
        refresh,
      }),
    [refresh],
  )
  const toTree = () => body.current?.querySelector<HTMLElement>('[role="tree"]')?.focus()
  const { data: listing } = found
  return (
    <div className={classes.schema} ref={body}>
      <div className={classes.head}>
        <TextInput
          ref={search}
          className={classes.search}
          size="xs"
          role="searchbox"
          aria-label="Search tables"
          placeholder="Search tables"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={tree.search}
          rightSection={
            tree.search !== '' && (
              <CloseButton size="xs" aria-label="Clear the search" onClick={() => searchTree(database, '')} />
            )
          }
          onChange={({ currentTarget }) => {
            searchTree(database, currentTarget.value)
            activate(database, null)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && tree.search !== '') {
              event.preventDefault()
              searchTree(database, '')
            }
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
            event.preventDefault()
            toTree()
          }}
        />
        <IconButton
          size="sm"
          label="Diagram"
          icon={IconSchema}
          disabled={!listing}
          onClick={() => {
            if (!listing) return
            const schema = listing.schemas[0]?.name ?? null
            const { defaultSchema } = listing
            showInDiagram({ database, defaultSchema, schema, object: null, column: null })
          }}
        />
        <IconButton
          size="sm"
          label="Refresh tables"
          icon={IconRefresh}
          disabled={found.isFetching}
          onClick={() => void refresh().catch((thrown) => showError(asAppError(thrown), 'Refreshing did not work'))}
        />
      </div>
      {found.error && !found.isFetching ? (
        <Failed thrown={found.error} again={() => void found.refetch()} />
      ) : listing ? (
        <Found database={database} listing={listing} />
      ) : (
        <p className={classes.note} role="status">
          <Loader size={14} /> Reading the tables…
        </p>
      )}
    </div>
  )
}

function useRefresh(database: Database): () => Promise<void> {
  const queries = useQueryClient()
  const key = placeKey(database)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the database
  return useMemo(() => () => refreshSchema(queries, database), [queries, key])
}

function Found({ database, listing }: { database: Database; listing: Listing }) {
  const { expanded: opened, opened: known, active, search } = useTree(database)
  const typed = useDeferredValue(search)
  const details = useDetails(database, listing, known)
  const lineHeight = useSettings(({ density }) => (density === 'comfortable' ? 30 : 24))
  const expanded = useMemo(() => opened ?? new Set(openAtFirst(listing)), [opened, listing])
  const rows = useMemo(
    () => treeRows(listing, { expanded, search: typed, details }),
    [listing, expanded, typed, details],
  )
  if (listing.byId.size === 0 && listing.schemas.length === 0)
    return <p className={classes.note}>The database has no tables yet.</p>
  if (rows.length === 0) return <p className={classes.note}>No table, view or loaded column is called so.</p>
  return (
    <Tree database={database} listing={listing} rows={rows} active={active} search={typed} lineHeight={lineHeight} />
  )
}
