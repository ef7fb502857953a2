import type { Column } from '../../shared/data/types.ts'
import type { Feed } from './duck/pipes.ts'
import type { DuckSession } from './duck/session.ts'
import type { RowStream } from './node-context.ts'

/** A stream on its way into the embedded engine. */
export interface Fed {
  node: string
  feed: Feed
  stream: RowStream
  /** Whether all its columns are read, and it has started. */
  whole: boolean
  /** Columns of the view, and those of them that are on the wire. */
  columns: Column[]
  arriving: Column[]
  view: string
  prefix: string
}

/**
 * Asks sources for no more columns than a query reads, which its plan tells.
 * @returns those that were, and the places of the columns that still arrive
 */
export async function narrowed(
  feeds: readonly Fed[],
  session: DuckSession,
  sql: string,
): Promise<{ fed: Fed; keep: number[] }[]> {
  const open = feeds.filter(({ stream, whole }) => stream.narrow && !whole)
  if (open.length === 0) return []
  const plan = (await session.text(`EXPLAIN (FORMAT json) ${sql}`)).flat().join('')
  return open.flatMap((fed) => {
    const read = fed.columns.flatMap((_, index) => (plan.includes(`"${fed.prefix}_${index}"`) ? [index] : []))
    // A query that only counts reads no column, but rows must come.
    const keep = read.length === 0 ? [0] : read
    if (keep.length === fed.columns.length) return []
    fed.stream.narrow?.(keep)
    fed.arriving = keep.flatMap((index) => fed.columns[index] ?? [])
    return [{ fed, keep }]
  })
}
