import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { perform } from '../commands/perform.ts'
import { openTableRows, writeTableName } from '../commands/tables.ts'
import { type Listing, objectId, schemaId } from './listing.ts'
import { type Database, type Picked, placeKey } from './place.ts'
import { isExpandable, partIdOf, type TreeRow } from './rows.ts'
import { activate, openMenu, pick, searchTree, setExpanded } from './state.ts'

/** What is open while nobody has opened anything. */
export const openAtFirst = ({ schemas }: Listing): readonly string[] => schemas.slice(0, 1).map(({ id }) => id)

/** What a line stands for, where something can be done with it. */
function pickedOf(row: TreeRow, database: Database, defaultSchema: string | null): Picked | null {
  const shared = { database, defaultSchema, column: null }
  if (row.type === 'note') return null
  if (row.type === 'schema') return { ...shared, schema: row.name, object: null }
  const { object } = row
  return { ...shared, schema: object.schema, object, column: row.type === 'column' ? row.column : null }
}

/** What mouse and keys do with lines of a database's tree. */
export function useTreeActions(database: Database, listing: Listing) {
  const queries = useQueryClient()
  const key = placeKey(database)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the database
  return useMemo(() => {
    const { defaultSchema } = listing
    const of = (row: TreeRow) => pickedOf(row, database, defaultSchema)
    const expand = (row: TreeRow, open: boolean) => {
      // A table is opened for its columns.
      const ids = row.type === 'object' && open ? [row.id, partIdOf(row.id, 'columns')] : [row.id]
      setExpanded(database, ids, open, openAtFirst(listing))
    }
    /** Goes to the line of another table. */
    const goTo = (table: { schema: string | null; name: string }) => {
      searchTree(database, '')
      if (table.schema !== null) setExpanded(database, [schemaId(table.schema)], true, openAtFirst(listing))
      activate(database, objectId(table))
    }
    const go = (row: TreeRow) => {
      activate(database, row.id)
      pick(of(row))
    }
    return {
      of,
      expand,
      go,
      /** What a double click and Enter do. */
      act(row: TreeRow) {
        go(row)
        if (row.type === 'object') void perform(openTableRows)
        else if (row.type === 'column') void perform(writeTableName)
        else if (row.type === 'fact') row.fact.to && goTo(row.fact.to)
        else if (isExpandable(row)) expand(row, !row.expanded)
        else if (row.failed) {
          const { connection, folder } = database
          void queries.invalidateQueries({ queryKey: ['schema', folder, connection, 'object'] })
        }
      },
      menu(row: TreeRow, at: { x: number; y: number }) {
        const picked = of(row)
        activate(database, row.id)
        if (picked) openMenu(picked, at)
      },
    }
  }, [key, listing, queries])
}

export type TreeActions = ReturnType<typeof useTreeActions>
