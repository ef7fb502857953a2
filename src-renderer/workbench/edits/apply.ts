import { create } from 'zustand'
import type { EditConflict, RowEdit } from '../../../shared/contract/queries.ts'
import type { ErrorReport } from '../../../shared/errors.ts'
import { api, asAppError } from '../../api/client.ts'
import { showNotice } from '../../ui/notify.ts'
import { placeOf, refreshState, rerun } from '../actions.ts'
import type { StatementRun } from '../runs.ts'
import { tabOf } from '../tabs.ts'
import {
  countOf,
  type Edits,
  forgetSheet,
  keepMine,
  noteFound,
  ordered,
  sheetOf,
  stage,
  without,
  withoutCells,
} from './staged.ts'
import type { EditedTable } from './table.ts'

/** A change that met a row which is another one by now. */
export interface Conflict {
  id: string
  theirs: EditConflict['theirs']
}

interface Review {
  result: string
  conflicts: readonly Conflict[]
  /** What the database said of a change, and of which. */
  failure: { error: ErrorReport; id: string | undefined } | undefined
}

/** The changes that are looked through before they are applied. */
export const useReview = create<{ review: Review | null }>()(() => ({ review: null }))

export const openReview = (result: string) =>
  useReview.setState({ review: { result, conflicts: [], failure: undefined } })

export const closeReview = () => useReview.setState({ review: null })

/** The statements that the changes become. @throws AppError as queries.edit */
export async function sqlOf(tab: string, { table }: EditedTable, edits: Edits): Promise<string[]> {
  const place = placeOf(tabOf(tab))
  if (!place || countOf(edits) === 0) return []
  const { sql } = await api.queries.edit({ session: tab, ...place, ...target(table), edits: listed(edits) })
  return sql
}

/** Does all changes in one transaction, then reads the rows anew; conflicts and what failed are shown with the changes. */
export async function applyEdits(tab: string, statement: StatementRun, { table, result }: EditedTable): Promise<void> {
  const shown = tabOf(tab)
  const place = placeOf(shown)
  const { edits } = sheetOf(result)
  if (!shown || !place || countOf(edits) === 0) return
  const list = ordered(edits)
  useReview.setState({ review: { result, conflicts: [], failure: undefined } })
  try {
    const { applied, conflicts } = await api.queries.edit({
      session: tab,
      ...place,
      ...target(table),
      edits: listed(edits),
      apply: true,
      manual: shown.manual,
    })
    if (!applied) {
      const met = conflicts.flatMap(({ edit, theirs }) => {
        const id = list[edit]?.id
        return id === undefined ? [] : [{ id, theirs }]
      })
      useReview.setState({ review: { result, conflicts: met, failure: undefined } })
      return
    }
  } catch (thrown) {
    const error = asAppError(thrown)
    const index = Number(/^edits\.(\d+)$/.exec(error.at.field ?? '')?.[1] ?? Number.NaN)
    useReview.setState({ review: { result, conflicts: [], failure: { error: error.toJSON(), id: list[index]?.id } } })
    return
  }
  // Before the dialog goes: whoever ends the transaction then does so after the rows were read anew.
  await refreshState(tab)
  forgetSheet(result)
  closeReview()
  showNotice(list.length === 1 ? 'The change was applied.' : `${list.length} changes were applied.`)
  if (!(await rerun(tab, statement))) showNotice('Run the query again to see the rows as they are now.')
}

const target = ({ schema, table }: EditedTable['table']) => ({ schema, table })

const listed = (edits: Edits): RowEdit[] => ordered(edits).map(({ edit }) => edit)

/** Settles a conflict by giving up what was changed here. */
export function takeTheirs(result: string, { id, theirs }: Conflict): void {
  if (theirs) {
    const edit = sheetOf(result).edits[id]
    noteFound(result, id, theirs)
    stage(result, (edits) =>
      edit?.kind === 'update' ? withoutCells(edits, id, Object.keys(theirs)) : without(edits, id),
    )
  } else stage(result, (edits) => without(edits, id))
  settle(id)
}

/** Settles a conflict by holding on to the change: what others have written is written over. */
export function keepOurs(result: string, { id, theirs }: Conflict): void {
  if (theirs) {
    noteFound(result, id, theirs)
    stage(result, (edits) => keepMine(edits, id, theirs))
  }
  settle(id)
}

function settle(id: string): void {
  useReview.setState(({ review }) => ({
    review: review && { ...review, conflicts: review.conflicts.filter((conflict) => conflict.id !== id) },
  }))
}
