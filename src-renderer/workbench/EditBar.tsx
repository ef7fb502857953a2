import { Button } from '@mantine/core'
import { IconPencil, IconRowInsertBottom, IconTrash } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { EditableTable } from '../../shared/contract/queries.ts'
import type { QuerySource } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import { api, asAppError } from '../api/client.ts'
import { shownGrid } from '../results/shown-grid.ts'
import { asRowView, viewOf } from '../results/views.ts'
import { confirm } from '../ui/dialogs.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { placeOf, rerun } from './actions.ts'
import classes from './EditBar.module.css'
import { keyOf, type RowDraft, rowOf, stage, stagedOf, unstage, useStaged } from './edits.ts'
import { RowForm } from './RowForm.tsx'
import type { StatementRun } from './runs.ts'
import { tabOf } from './tabs.ts'
import shared from './workbench.module.css'

interface EditBarProps {
  tab: string
  statement: StatementRun
  source: QuerySource
}

/** Below the rows of a single table: changes are collected, shown as SQL, and applied together. */
export function EditBar({ tab: id, statement, source }: EditBarProps) {
  const tab = tabOf(id)
  const place = tab && placeOf(tab)
  const found = useQuery({
    queryKey: ['editable', place, statement.sql],
    enabled: place !== undefined && statement.state === 'done',
    queryFn: () => {
      if (!place) throw new Error('The tab has no connection.')
      return api.queries.editable({ ...place, sql: statement.sql })
    },
    staleTime: 60_000,
  })
  const [draft, setDraft] = useState<RowDraft | null>(null)
  const table = found.data?.table
  const columns = statement.columns ?? []
  if (!table) return null
  const result = `${source.query} ${source.statement}`
  const begin = async (work: (row: RowDraft) => void) => {
    try {
      const row = await pickedRow(table, columns, source)
      if (row) work(row)
      else showNotice('Pick a cell of the row first.')
    } catch (thrown) {
      showError(asAppError(thrown), 'The row was not read')
    }
  }
  return (
    <>
      {draft && (
        <RowForm
          table={table}
          columns={columns}
          draft={draft}
          onClose={() => setDraft(null)}
          onStage={(edit) => {
            stage(result, edit)
            setDraft(null)
          }}
        />
      )}
      <section className={classes.editBar} aria-label={`Changes of ${table.table}`}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPencil size={14} aria-hidden />}
          onClick={() => void begin(setDraft)}
        >
          Edit row
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconRowInsertBottom size={14} aria-hidden />}
          onClick={() => setDraft({ shown: null, typed: {}, locked: [] })}
        >
          Add row
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconTrash size={14} aria-hidden />}
          onClick={() =>
            void begin(({ shown }) => shown && stage(result, { kind: 'delete', key: keyOf(table.keys, shown) }))
          }
        >
          Delete row
        </Button>
        <span className={shared.spacer} />
        <Staged tab={id} statement={statement} table={table} result={result} />
      </section>
    </>
  )
}

function Staged({
  tab: id,
  statement,
  table,
  result,
}: {
  tab: string
  statement: StatementRun
  table: EditableTable
  result: string
}) {
  const staged = useStaged(result)
  const [busy, setBusy] = useState(false)
  if (staged.length === 0) return <span className={shared.dim}>{table.table} can be changed here.</span>
  const apply = async () => {
    const place = placeOf(tabOf(id))
    if (!place) return
    const request = { session: id, ...place, schema: table.schema, table: table.table, edits: [...stagedOf(result)] }
    setBusy(true)
    try {
      const { sql } = await api.queries.edit(request)
      const sure = await confirm({
        title: staged.length === 1 ? 'Apply this change?' : `Apply these ${staged.length} changes?`,
        message: <pre className={classes.editSql}>{sql.join('\n')}</pre>,
        action: 'Apply',
      })
      if (!sure) return
      await api.queries.edit({ ...request, apply: true })
      unstage(result)
      showNotice('The changes were applied.')
      await rerun(id, statement)
    } catch (thrown) {
      showError(asAppError(thrown), 'Nothing was changed')
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <span role="status">{staged.length === 1 ? '1 change' : `${staged.length} changes`}, not applied</span>
      <Button size="compact-xs" variant="default" onClick={() => unstage(result)}>
        Discard
      </Button>
      <Button size="compact-xs" loading={busy} onClick={() => void apply()}>
        Review and apply
      </Button>
    </>
  )
}

/** The row of the picked cell as it is shown; undefined when none is picked. */
async function pickedRow(
  table: EditableTable,
  columns: readonly Column[],
  source: QuerySource,
): Promise<RowDraft | undefined> {
  const grid = shownGrid()
  const row = grid?.store.getState().range?.end.row
  if (!grid || row === undefined) return undefined
  const view = asRowView(viewOf(grid.key))
  const { rows, cut } = await api.results.window({ source, view, offset: row, limit: 1 })
  const [cells] = rows
  if (!cells) return undefined
  const locked = cut.flatMap(({ column }) => table.columns[column] ?? [])
  return { shown: rowOf(table, columns, cells), typed: {}, locked }
}
