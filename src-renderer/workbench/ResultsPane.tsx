import { Button } from '@mantine/core'
import { IconTable, IconTableOff } from '@tabler/icons-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { EditableTable } from '../../shared/contract/queries.ts'
import type { AppError } from '../../shared/errors.ts'
import { asAppError } from '../api/client.ts'
import { shortcutText } from '../commands/keys.ts'
import type { InsertTarget } from '../results/copying.ts'
import { RowsView } from '../results/RowsView.tsx'
import { useStable } from '../results/useStable.ts'
import { viewKey } from '../results/views.ts'
import { Empty } from '../ui/Empty.tsx'
import { isFocusLost } from '../ui/focus.ts'
import { formatCount } from '../ui/format.ts'
import { useTabRow } from '../ui/useTabRow.ts'
import { dialectOf } from './connections.ts'
import { EditBar } from './edits/EditBar.tsx'
import { LargeEditor } from './edits/LargeEditor.tsx'
import { ReviewDialog } from './edits/ReviewDialog.tsx'
import { sheetKey } from './edits/staged.ts'
import { useEditing } from './edits/useEditing.ts'
import { Messages } from './Messages.tsx'
import { PlanView } from './PlanView.tsx'
import classes from './ResultsPane.module.css'
import { RolledBackBar } from './RolledBackBar.tsx'
import { changeRun, type StatementRun, type TabRun, useRun } from './runs.ts'

/** What a tab's run gave: a tab for each result, the messages, and the plan. */
export function ResultsPane({ tab }: { tab: string }) {
  const run = useRun(tab)
  const tabs = tabsOf(run)
  if (tabs.length === 0) {
    return (
      <div className={classes.results} data-region>
        <Empty
          icon={IconTable}
          title="No results yet"
          description={`Write SQL above and press ${shortcutText('mod+Enter')} to run the statement at the caret.`}
        />
      </div>
    )
  }
  return <Results tab={tab} run={run} tabs={tabs} />
}

function Results({ tab, run, tabs }: { tab: string; run: TabRun; tabs: ReturnType<typeof tabsOf> }) {
  const shown = tabs.some(({ id }) => id === run.shown) ? run.shown : 'messages'
  const row = useTabRow(String(shown))
  const inFront = useRef<HTMLButtonElement>(null)
  const within = useRef(false)
  // Another run takes away the rows, which may have had the focus, and brings another tab to the front.
  // biome-ignore lint/correctness/useExhaustiveDependencies: that happens when these change
  useEffect(() => {
    const tab = inFront.current
    if ((within.current && isFocusLost()) || tab?.parentElement?.contains(document.activeElement)) tab?.focus()
  }, [run.serial, shown])
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = tabs[tabs.findIndex(({ id }) => id === shown) + by]
    if (by === 0 || !next) return
    event.preventDefault()
    changeRun(tab, { shown: next.id })
    const buttons = event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')
    buttons[tabs.indexOf(next)]?.focus()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done with it; it knows whether it has the focus
    <div
      className={classes.results}
      data-region
      onFocus={() => {
        within.current = true
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        within.current = relatedTarget === null || currentTarget.contains(relatedTarget)
      }}
    >
      <div ref={row} className={classes.resultTabs} role="tablist" aria-label="Results" onKeyDown={onKeyDown}>
        {tabs.map(({ id, title, bad }) => (
          <button
            key={id}
            ref={id === shown ? inFront : undefined}
            type="button"
            role="tab"
            aria-selected={id === shown}
            tabIndex={id === shown ? 0 : -1}
            className={classes.resultTab}
            data-active={id === shown || undefined}
            data-bad={bad || undefined}
            onClick={() => changeRun(tab, { shown: id })}
          >
            {title}
          </button>
        ))}
      </div>
      <div className={classes.resultBody} role="tabpanel">
        <Shown tab={tab} run={run} shown={shown} />
      </div>
    </div>
  )
}

function tabsOf({ statements, error, plan }: TabRun): { id: TabRun['shown']; title: string; bad?: boolean }[] {
  const results = statements.filter(({ query }) => query !== undefined)
  const failed = error !== undefined || statements.some(({ state }) => state === 'failed')
  return [
    ...results.map((result, index) => ({ id: result.number, title: titleOf(result, index) })),
    ...(statements.length > 0 || error ? [{ id: 'messages' as const, title: 'Messages', bad: failed }] : []),
    ...(plan ? [{ id: 'plan' as const, title: plan.analyzed ? 'Plan, as it went' : 'Plan' }] : []),
  ]
}

const titleOf = ({ rows }: StatementRun, index: number) =>
  `Result ${index + 1}${rows === null ? '' : ` (${formatCount(rows)})`}`

/**
 * What is in front. Rows that were stay behind it, out of reach, until there are others: the next ones come into the grid that is there, and
 * those that one comes back to stand where one left them.
 */
function Shown({ tab, run, shown }: { tab: string; run: TabRun; shown: TabRun['shown'] }) {
  const statement = run.statements.find(({ number, query }) => number === shown && query !== undefined)
  const [kept, keep] = useState(statement)
  if (statement && statement !== kept) keep(statement)
  const behind = statement === undefined
  // What became of it meanwhile, if it is of this run.
  const rows = statement ?? run.statements.find(({ query }) => query !== undefined && query === kept?.query) ?? kept
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { activeElement } = document
    if (behind && activeElement instanceof HTMLElement && place.current?.contains(activeElement)) activeElement.blur()
  }, [behind])
  return (
    <>
      {shown === 'plan' && run.plan && <PlanView shown={run.plan} />}
      {shown !== 'plan' && behind && <Messages tab={tab} />}
      {rows?.query !== undefined && (
        <div ref={place} className={classes.rows} data-behind={behind || undefined}>
          <StatementRows tab={tab} statement={rows} query={rows.query} behind={behind} />
        </div>
      )}
    </>
  )
}

interface StatementRowsProps {
  tab: string
  statement: StatementRun
  query: string
  behind: boolean
}

function StatementRows({ tab, statement, query, behind }: StatementRowsProps) {
  const { number } = statement
  const source = useStable({ query, statement: number })
  const { editing, reason } = useEditing(tab, statement, sheetKey(query, number))
  const insert = insertTarget(statement, editing?.table)
  return (
    <>
      <RowsView
        source={source}
        behind={behind}
        told={statement.columns}
        first={statement.first}
        ended={statement.state !== 'running'}
        viewKey={viewKey(query, String(number), 'out')}
        name={`result ${number + 1}`}
        insert={insert}
        notice={statement.state === 'stopped' ? 'Stopped: only the first rows are there' : undefined}
        failed={(thrown) => <Unreadable tab={tab} error={asAppError(thrown)} />}
        editing={editing}
      />
      <RolledBackBar tab={tab} statement={statement} />
      <EditBar editing={editing} reason={reason} />
      <LargeEditor />
      {editing && <ReviewDialog tab={tab} statement={statement} editing={editing} />}
    </>
  )
}

/** Rows whose columns are called as those of one table can be inserted there. */
function insertTarget({ columns = [], connection, folder }: StatementRun, of: EditableTable | undefined): InsertTarget {
  const same = of !== undefined && columns.every(({ name }, index) => name === of.columns[index])
  const { schema, table } = same ? of : { schema: null, table: null }
  return { schema, table, dialect: dialectOf(connection, folder) }
}

/** Rows that are not kept any more. */
function Unreadable({ tab, error }: { tab: string; error: AppError }) {
  return (
    <Empty icon={IconTableOff} title={error.message} description={error.hint}>
      <Button size="xs" onClick={() => changeRun(tab, { shown: 'messages' })}>
        Messages
      </Button>
    </Empty>
  )
}
