import { Button, CloseButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { RowEdit } from '../../../shared/contract/queries.ts'
import type { CellText } from '../../../shared/contract/results.ts'
import { asAppError } from '../../api/client.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { stopTab } from '../actions.ts'
import { connectionOf } from '../connections.ts'
import type { StatementRun } from '../runs.ts'
import { useTab } from '../tabs.ts'
import { applyEdits, type Conflict, closeReview, keepOurs, sqlOf, takeTheirs, useReview } from './apply.ts'
import classes from './edits.module.css'
import { countOf, ordered, stage, useEdits, without, withoutCells } from './staged.ts'
import type { EditedTable } from './table.ts'

interface ReviewProps {
  tab: string
  statement: StatementRun
  editing: EditedTable
}

/** All changes of a table's rows, one by one and as SQL, to be applied together; and what stands in the way. */
export function ReviewDialog({ tab, statement, editing }: ReviewProps) {
  const review = useReview((state) => state.review)
  const count = countOf(useEdits(editing.result))
  const [busy, setBusy] = useState(false)
  const apply = async () => {
    setBusy(true)
    await applyEdits(tab, statement, editing)
    setBusy(false)
  }
  const ended = review?.failure !== undefined || (review?.conflicts.length ?? 0) > 0
  // It may wait for a row that someone else holds.
  const leave = () => (busy && !ended ? void stopTab(tab) : closeReview())
  return (
    <Dialog
      opened={review?.result === editing.result}
      onClose={leave}
      size="xl"
      title={`Changes of ${editing.table.table} (${count} ${count === 1 ? 'row' : 'rows'})`}
      closeLabel="Close the changes"
    >
      {review?.result === editing.result && (
        <Changes tab={tab} editing={editing} busy={busy} onApply={apply} onLeave={leave} />
      )}
    </Dialog>
  )
}

interface ChangesProps extends Pick<ReviewProps, 'tab' | 'editing'> {
  /** They are being applied. */
  busy: boolean
  onApply(): Promise<void>
  /** Stops that, else closes the dialog. */
  onLeave(): void
}

function Changes({ tab, editing, busy, onApply, onLeave }: ChangesProps) {
  const edits = useEdits(editing.result)
  const conflicts = useReview(({ review }) => review?.conflicts) ?? []
  const failure = useReview(({ review }) => review?.failure)
  const sql = useQuery({
    queryKey: ['edits', tab, editing.result, edits],
    queryFn: () => sqlOf(tab, editing, edits),
    gcTime: 0,
    retry: false,
  })
  const list = ordered(edits)
  const trouble = failure ? failure.error : sql.error ? asAppError(sql.error).toJSON() : undefined
  return (
    <div className={classes.review}>
      {conflicts.length > 0 && <Conflicts count={conflicts.length} />}
      {trouble && (
        <p className={classes.trouble} role="alert">
          Nothing was written: {trouble.message} {trouble.hint}
        </p>
      )}
      {list.length === 0 && <p className={classes.dim}>Nothing is changed any more.</p>}
      <ul className={classes.changes} aria-label="Changes">
        {list.map(({ id, edit }) => (
          <Change
            key={id}
            editing={editing}
            id={id}
            edit={edit}
            conflict={conflicts.find((conflict) => conflict.id === id)}
            failed={failure?.id === id}
          />
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className={classes.sql} tabIndex={0} aria-label="SQL of the changes">
        <pre>{sql.data?.join('\n') ?? ''}</pre>
      </section>
      <div className={classes.actions}>
        <Terms tab={tab} />
        <span className={classes.spacer} />
        <Button size="xs" variant="default" onClick={onLeave}>
          {busy ? 'Stop' : 'Close'}
        </Button>
        <Button
          size="xs"
          data-autofocus
          loading={busy}
          disabled={list.length === 0 || conflicts.length > 0}
          onClick={() => void onApply()}
        >
          Apply
        </Button>
      </div>
    </div>
  )
}

/** What applying means. */
function Terms({ tab: id }: { tab: string }) {
  const tab = useTab(id)
  const production = tab && connectionOf(tab.connection, tab.folder)?.environment === 'production'
  return (
    <span className={classes.dim}>
      {production && <strong>This writes to a production database. </strong>}
      All in one transaction: either everything is written or nothing.
      {tab?.manual && ' The transaction stays open until you commit it or roll it back.'}
    </span>
  )
}

/** Says that rows are to be settled first. It takes the focus: the button that had it does nothing until then. */
function Conflicts({ count }: { count: number }) {
  const note = useRef<HTMLParagraphElement>(null)
  useEffect(() => note.current?.focus(), [])
  return (
    <p ref={note} className={classes.trouble} role="alert" tabIndex={-1}>
      {count === 1 ? 'A row is' : `${count} rows are`} not as shown any more, so nothing was written. Say for each
      whether your change or theirs counts, then apply again.
    </p>
  )
}

interface ChangeProps {
  editing: EditedTable
  id: string
  edit: RowEdit
  conflict: Conflict | undefined
  failed: boolean
}

const signs = { update: '•', insert: '+', delete: '−' }

function Change({ editing: { result, table }, id, edit, conflict, failed }: ChangeProps) {
  const title = titleOf(edit)
  return (
    <li className={classes.change} data-kind={edit.kind} data-bad={failed || conflict !== undefined || undefined}>
      <div className={classes.changeHead}>
        <span className={classes.sign} aria-hidden>
          {signs[edit.kind]}
        </span>
        <strong>{title}</strong>
        <span className={classes.spacer} />
        <CloseButton
          size="sm"
          title="Undo"
          aria-label={`Undo: ${title}`}
          onClick={() => stage(result, (edits) => without(edits, id))}
        />
      </div>
      {edit.kind !== 'delete' && (
        <ul className={classes.cells}>
          {table.columns
            .filter((name, index, all) => name !== null && name in edit.after && all.indexOf(name) === index)
            .map((name) => (
              <CellChange
                key={name}
                name={name ?? ''}
                before={edit.kind === 'update' ? edit.before[name ?? ''] : undefined}
                after={edit.after[name ?? ''] ?? null}
                theirs={conflict?.theirs?.[name ?? '']}
                onUndo={() => stage(result, (edits) => withoutCells(edits, id, [name ?? '']))}
              />
            ))}
        </ul>
      )}
      {conflict && <Settle result={result} conflict={conflict} edit={edit} />}
    </li>
  )
}

function titleOf(edit: RowEdit): string {
  if (edit.kind === 'insert') return 'New row'
  const key = Object.entries(edit.key).map(([name, value]) => `${name} = ${value ?? 'NULL'}`)
  return `${edit.kind === 'delete' ? 'Delete the row' : 'Row'} ${key.join(', ')}`
}

interface CellChangeProps {
  name: string
  /** Undefined where it is not shown whole, or there was none. */
  before: CellText | undefined
  after: CellText
  /** What the database holds by now, where that is another thing. */
  theirs: CellText | undefined
  onUndo(): void
}

function CellChange({ name, before, after, theirs, onUndo }: CellChangeProps) {
  return (
    <li className={classes.cellChange}>
      <span className={classes.cellName}>{name}</span>
      {before !== undefined && (
        <>
          <Value text={before} old />
          <span className={classes.dim}>→</span>
        </>
      )}
      <Value text={after} />
      {theirs !== undefined && (
        <span>
          <span className={classes.dim}>theirs by now: </span>
          <Value text={theirs} />
        </span>
      )}
      <span className={classes.spacer} />
      <CloseButton size="xs" title="Undo" aria-label={`Undo the change of ${name}`} onClick={onUndo} />
    </li>
  )
}

/** Characters of a value that the list shows. */
const shown = 80

function Value({ text, old = false }: { text: CellText; old?: boolean }) {
  if (text === null) return <em className={classes.null}>NULL</em>
  if (text === '') return <em className={classes.null}>empty text</em>
  const line = text.length > shown ? `${text.slice(0, shown)}…` : text
  return old ? <del className={classes.value}>{line}</del> : <span className={classes.value}>{line}</span>
}

/** Asks whose change counts. */
function Settle({ result, conflict, edit }: { result: string; conflict: Conflict; edit: RowEdit }) {
  const { theirs } = conflict
  if (!theirs) {
    return (
      <div className={classes.settle}>
        <span>Someone has removed this row.</span>
        <span className={classes.spacer} />
        <Button size="compact-xs" variant="default" onClick={() => takeTheirs(result, conflict)}>
          Drop my change
        </Button>
      </div>
    )
  }
  const others = Object.entries(theirs).filter(([name]) => edit.kind === 'delete' || !(name in edit.after))
  return (
    <div className={classes.settle}>
      <span>
        Someone has changed this row.
        {others.map(([name, text]) => (
          <span key={name}>
            {' '}
            {name} is <Value text={text} /> by now.
          </span>
        ))}
      </span>
      <span className={classes.spacer} />
      <Button size="compact-xs" variant="default" onClick={() => takeTheirs(result, conflict)}>
        Take theirs
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => keepOurs(result, conflict)}>
        {edit.kind === 'delete' ? 'Delete it all the same' : 'Keep mine'}
      </Button>
    </div>
  )
}
