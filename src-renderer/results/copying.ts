import type { copyFormats } from '../../shared/contract/results.ts'
import { formatTableName } from '../../shared/sql/names.ts'
import type { SqlDialect } from '../../shared/sql/placeholders.ts'
import { api, asAppError } from '../api/client.ts'
import { picked, shownPlaces } from '../grid/store.ts'
import { formatRows } from '../ui/format.ts'
import { showError, showNotice } from '../ui/notify.ts'
import type { ShownGrid } from './shown-grid.ts'
import { asRowView, viewOf } from './views.ts'

export type CopyScope = 'cells' | 'rows' | 'columns' | 'all'

/** A table that rows can be inserted into, and whose SQL it takes. */
export interface InsertTarget {
  schema: string | null
  table: string | null
  dialect: SqlDialect
}

export interface CopyWish {
  format: (typeof copyFormats)[number]
  header: boolean
  scope: CopyScope
  /** What INSERTs are for; left out where the rows are nobody's. */
  insert?: InsertTarget | undefined
}

/** Rows that a clipboard takes. */
export const maxCopy = 100_000

/** Puts rows on the clipboard: what is picked, the rows or columns it touches, or all rows of the view. */
export async function copyPicked(
  { store, source, key, name }: Pick<ShownGrid, 'store' | 'source' | 'key' | 'name'>,
  wish: CopyWish,
): Promise<void> {
  const { total, columns } = store.getState()
  const range = picked(store)
  if (!range && wish.scope !== 'all') return
  const every = shownPlaces(store.getState()).flatMap((place) => columns[place]?.name ?? [])
  const allRows = wish.scope === 'columns' || wish.scope === 'all' || !range
  const allColumns = wish.scope === 'rows' || wish.scope === 'all' || !range
  const offset = allRows ? 0 : range.bounds.top
  const limit = Math.min(maxCopy, allRows ? Math.max(1, total) : range.bounds.bottom - range.bounds.top + 1)
  try {
    const pieces: string[] = []
    let rows = 0
    const copied = await api.results.copy({
      source,
      view: asRowView(viewOf(key)),
      format: wish.format,
      header: wish.header,
      table: formatTableName({ schema: wish.insert?.schema ?? null, name: wish.insert?.table ?? name }),
      ...(wish.insert && { dialect: wish.insert.dialect }),
      columns: allColumns ? every : range.columns,
      offset,
      limit,
    })
    for await (const piece of copied) {
      pieces.push(piece.text)
      rows += piece.rows
    }
    await navigator.clipboard.writeText(pieces.join(''))
    const wanted = allRows ? total : range.bounds.bottom - range.bounds.top + 1
    showNotice(
      wanted > maxCopy
        ? `Copied the first ${formatRows(rows)}, as many as a clipboard takes. Export writes all of them.`
        : `Copied ${formatRows(rows)}.`,
    )
  } catch (thrown) {
    showError(asAppError(thrown), 'The rows were not copied')
  }
}
