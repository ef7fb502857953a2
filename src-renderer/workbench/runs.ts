import { create } from 'zustand'
import type { PlanStep, QueryEvent, SessionState } from '../../shared/contract/queries.ts'
import type { RowsWindow } from '../../shared/contract/results.ts'
import type { Column } from '../../shared/data/types.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import { firstWord } from '../../shared/sql/statements.ts'

/** What became of one statement, or of one of its results. */
export interface StatementRun {
  /** Its number in the run. */
  number: number
  /** Where it begins in the tab's text, and how it reads. */
  position: number
  sql: string
  /** What it was run on, whatever the tab is on since. */
  connection: string
  folder: string
  state: 'running' | 'done' | 'failed' | 'stopped'
  /** Its rows can be read by this id. */
  query?: string
  columns?: readonly Column[]
  /** The first of them, until it has ended. */
  first?: RowsWindow | undefined
  rows: number | null
  affected: number | null
  ms: number
  error?: ErrorReport
  /** Its rows were read in a transaction: one that is open, or that was rolled back since. */
  transaction?: 'open' | 'rolled back'
  /** Something to know about its rows. */
  note?: string
  /** What the database said beside. */
  notices: readonly Pick<Extract<QueryEvent, { type: 'notice' }>, 'severity' | 'message' | 'hint'>[]
}

export interface ShownPlan {
  plan: PlanStep
  text: string
  analyzed: boolean
  sql: string
}

/** What a tab has run last. */
export interface TabRun {
  running: boolean
  /** Counts up with each run. */
  serial: number
  /** When it began, in milliseconds since 1970. */
  at: number
  statements: readonly StatementRun[]
  session: SessionState
  plan: ShownPlan | undefined
  /** What could not begin at all. */
  error: ErrorReport | undefined
  /** The open result: a statement's number, the messages or the plan. */
  shown: number | 'messages' | 'plan'
}

const idle: SessionState = { transaction: 'idle', since: null, running: false, changed: null }
const none: TabRun = {
  running: false,
  serial: 0,
  at: 0,
  statements: [],
  session: idle,
  plan: undefined,
  error: undefined,
  shown: 'messages',
}

export const useRuns = create<{ runs: Readonly<Record<string, TabRun>> }>()(() => ({ runs: {} }))

export const runOf = (tab: string): TabRun => useRuns.getState().runs[tab] ?? none

export const useRun = (tab: string): TabRun => useRuns(({ runs }) => runs[tab] ?? none)

export function changeRun(tab: string, change: Partial<TabRun>): void {
  useRuns.setState(({ runs }) => ({ runs: { ...runs, [tab]: { ...(runs[tab] ?? none), ...change } } }))
}

export function forgetRun(tab: string): void {
  useRuns.setState(({ runs: { [tab]: _gone, ...runs } }) => ({ runs }))
}

export function beginRun(tab: string): void {
  const { serial } = runOf(tab)
  changeRun(tab, { running: true, serial: serial + 1, at: Date.now(), error: undefined })
}

type Begun = Pick<StatementRun, 'number' | 'position' | 'sql' | 'connection' | 'folder'>

const begun = ({ number, position, sql, connection, folder }: Begun): StatementRun => ({
  number,
  position,
  sql,
  connection,
  folder,
  state: 'running',
  rows: null,
  affected: null,
  ms: 0,
  notices: [],
})

/** The run after something happened. @param offset where the text that was run begins in the tab's */
export function afterEvent(run: TabRun, event: QueryEvent, offset: number): TabRun {
  const change = (number: number, more: Partial<StatementRun>): TabRun => ({
    ...run,
    statements: run.statements.map((statement) =>
      statement.number === number ? { ...statement, ...more } : statement,
    ),
  })
  switch (event.type) {
    case 'cautions':
      return run
    case 'session':
      return { ...run, session: event.state, statements: afterTransaction(run, event.state) }
    case 'statement': {
      const { statement: number, position } = event
      const statement = begun({ ...event, number, position: position + offset })
      // What ran before goes when the first statement of the next run begins.
      return {
        ...run,
        statements: number === 0 ? [statement] : [...run.statements, statement],
        ...(number === 0 && { shown: 'messages' }),
      }
    }
    case 'further': {
      const of = run.statements.find(({ number }) => number === event.of)
      if (!of) return run
      return { ...run, statements: [...run.statements, begun({ ...of, number: event.statement })] }
    }
    case 'rows': {
      const { statement: number, query, columns, first } = event
      const alone = run.statements.every((statement) => statement.query === undefined)
      const next = change(number, { query, columns, first, rows: 0 })
      return alone ? { ...next, shown: number } : next
    }
    case 'notice': {
      const { severity, message, hint } = event
      const notice = { severity, message, ...(hint !== undefined && { hint }) }
      const before = run.statements.find(({ number }) => number === event.statement)?.notices ?? []
      return change(event.statement, { notices: [...before, notice] })
    }
    case 'progress':
      return change(event.statement, { rows: event.rows })
    case 'done':
      return change(event.statement, {
        state: 'done',
        first: undefined,
        rows: event.rows,
        affected: event.affected,
        ms: event.ms,
        ...(event.note !== undefined && { note: event.note }),
      })
    case 'failed': {
      const { error, ms } = event
      const { position } = error.at ?? {}
      const placed = position === undefined ? error : { ...error, at: { ...error.at, position: position + offset } }
      const state = error.code === 'RUN_CANCELLED' ? 'stopped' : 'failed'
      return { ...change(event.statement, { state, first: undefined, ms, error: placed }), shown: 'messages' }
    }
  }
}

/** Statements in the light of where the last of them has left the transaction. */
function afterTransaction(
  { statements, session: before }: TabRun,
  { transaction }: SessionState,
): TabRun['statements'] {
  const last = statements.at(-1)
  if (!last) return statements
  if (transaction === 'open') return [...statements.slice(0, -1), { ...last, transaction }]
  const ended = before.transaction === 'open' || before.transaction === 'broken'
  const committed = last.state === 'done' && !['rollback', 'abort'].includes(firstWord(last.sql, 'postgres'))
  return ended ? afterEnd(statements, committed ? 'commit' : 'rollback') : statements
}

/** Statements once the transaction that is open has ended. */
export const afterEnd = (statements: TabRun['statements'], how: 'commit' | 'rollback'): TabRun['statements'] =>
  statements.map((statement) => {
    const { transaction, ...others } = statement
    if (transaction !== 'open') return statement
    return how === 'commit' ? others : { ...others, transaction: 'rolled back' }
  })

/** Statements of a connection that has another name now. */
export function renameInRun(tab: string, name: string, to: string): void {
  const { statements } = runOf(tab)
  if (!statements.some(({ connection }) => connection === name)) return
  changeRun(tab, {
    statements: statements.map((one) => (one.connection === name ? { ...one, connection: to } : one)),
  })
}

export function takeEvent(tab: string, event: QueryEvent, offset: number): void {
  changeRun(tab, afterEvent(runOf(tab), event, offset))
}
