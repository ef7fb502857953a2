import { createElement } from 'react'
import type { Caution, QueryValue } from '../../shared/contract/queries.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import { parametersOf, statementAt, statementsOf } from '../../shared/sql/statements.ts'
import { api, asAppError } from '../api/client.ts'
import { confirm } from '../ui/dialogs.ts'
import { Cautions } from './Cautions.tsx'
import { caretOf, type TextRange } from './caret.ts'
import { connectionOf, dialectOf, isWorkspace } from './connections.ts'
import { forgetEdits, mayLoseEdits } from './edits/losing.ts'
import { askForValues } from './params.ts'
import { afterEnd, beginRun, changeRun, runOf, takeEvent } from './runs.ts'
import { type QueryTab, tabOf } from './tabs.ts'

export type Scope = 'statement' | 'all'

/** What a wish to run means: the selection, the statement at the caret, or all of it. */
export function rangeOf({ id, sql, connection, folder }: QueryTab, scope: Scope): TextRange | undefined {
  const caret = caretOf(id)
  const { from, to } = { from: Math.min(caret.from, sql.length), to: Math.min(caret.to, sql.length) }
  if (to > from && sql.slice(from, to).trim() !== '') return { from, to }
  if (scope === 'all') return sql.trim() === '' ? undefined : { from: 0, to: sql.length }
  const dialect = dialectOf(connection, folder)
  return statementAt(statementsOf(sql, dialect), from)
}

/** What a tab's connection needs to be reached. */
export function placeOf(tab: QueryTab | undefined): { connection: string; folder: string } | undefined {
  if (!tab) return undefined
  const { connection, folder } = tab
  return connection === null ? undefined : { connection, folder: connectionOf(connection, folder)?.folder ?? folder }
}

export async function runTab(id: string, scope: Scope): Promise<void> {
  const tab = tabOf(id)
  const range = tab && rangeOf(tab, scope)
  if (tab && range) await runRange(tab, range)
}

/** Runs a statement again, unless its text was changed since. @returns whether it was run */
export async function rerun(id: string, { position, sql }: { position: number; sql: string }): Promise<boolean> {
  const tab = tabOf(id)
  const range = { from: position, to: position + sql.length }
  if (tab?.sql.slice(range.from, range.to) !== sql) return false
  await runRange(tab, range)
  return true
}

/** Settled once a tab's run has begun: a stop that overtook its run on the way would stop nothing. */
const begun = new Map<string, Promise<unknown>>()

async function runRange(tab: QueryTab, range: TextRange, sure = false): Promise<void> {
  const place = placeOf(tab)
  const { id } = tab
  if (!place || runOf(id).running) return
  const sql = tab.sql.slice(range.from, range.to)
  const dialect = dialectOf(tab.connection, tab.folder)
  const params = valuesOf(tab, parametersOf(sql, dialect))
  if (!params || !(sure || (await mayLoseEdits(id, 'run a query')))) return
  beginRun(id)
  let asked: readonly Caution[] = []
  try {
    const beginning = api.queries.run({
      session: id,
      ...place,
      sql,
      params,
      manual: tab.manual && !isWorkspace(tab.connection),
      sure,
      offset: range.from,
    })
    begun.set(id, beginning)
    for await (const event of await beginning) {
      if (event.type === 'cautions') asked = event.cautions
      // From here on the rows that were changed are gone.
      if (event.type === 'statement' && event.statement === 0) forgetEdits(id)
      takeEvent(id, event, range.from)
    }
  } catch (thrown) {
    const error = asAppError(thrown).toJSON()
    if (error.code === 'RUN_CANCELLED') stoppedEarly(id, { ...place, sql }, range.from, error)
    else changeRun(id, { error, statements: [], shown: 'messages' })
    await refreshState(id)
  } finally {
    begun.delete(id)
    changeRun(id, { running: false })
  }
  // Only the way to the engine was lost: there it goes on.
  if (runOf(id).session.running) await followTab(id)
  if (asked.length === 0) return
  const going = await confirm({
    title: asked.length === 1 ? 'Run this statement?' : `Run these ${asked.length} statements?`,
    message: createElement(Cautions, { cautions: asked, connection: place.connection }),
    action: 'Run',
    danger: true,
  })
  if (going) await runRange(tab, range, true)
}

/** Stopped while the database was being connected to: nothing has begun, and nothing went wrong. */
function stoppedEarly(
  id: string,
  what: { sql: string; connection: string; folder: string },
  offset: number,
  error: ErrorReport,
): void {
  takeEvent(id, { type: 'statement', statement: 0, position: 0, ...what }, offset)
  takeEvent(id, { type: 'failed', statement: 0, error, ms: Date.now() - runOf(id).at }, offset)
}

/** Values for the names; undefined when some were never given, which is asked for then. */
function valuesOf(tab: QueryTab, names: readonly string[]): Record<string, QueryValue> | undefined {
  const missing = names.find((name) => tab.params[name] === undefined)
  if (missing !== undefined) {
    askForValues(tab.id, missing)
    return undefined
  }
  return Object.fromEntries(names.flatMap((name) => (tab.params[name] ? [[name, tab.params[name]]] : [])))
}

export async function stopTab(id: string): Promise<void> {
  await begun.get(id)?.catch(() => undefined)
  await api.queries.stop({ session: id })
}

export async function explainTab(id: string, analyze: boolean): Promise<void> {
  const tab = tabOf(id)
  const range = tab && rangeOf(tab, 'statement')
  const place = tab && placeOf(tab)
  if (!tab || !range || !place || runOf(id).running) return
  const sql = tab.sql.slice(range.from, range.to)
  const params = valuesOf(tab, parametersOf(sql, dialectOf(tab.connection, tab.folder)))
  if (!params) return
  beginRun(id)
  try {
    const { plan, text } = await api.queries.explain({ session: id, ...place, sql, params, analyze })
    changeRun(id, { plan: { plan, text, analyzed: analyze, sql }, shown: 'plan' })
  } catch (thrown) {
    const error = asAppError(thrown).toJSON()
    const position = error.at?.position
    const at = position === undefined ? error.at : { ...error.at, position: position + range.from }
    changeRun(id, { error: { ...error, ...(at && { at }) }, shown: 'messages' })
  } finally {
    changeRun(id, { running: false })
  }
}

/** Ends the transaction of a tab, or takes note that it was lost. */
export async function endTransaction(id: string, how: 'commit' | 'rollback' | 'reconnect'): Promise<void> {
  try {
    const session = await api.queries[how]({ session: id })
    const { statements } = runOf(id)
    changeRun(id, { session, statements: afterEnd(statements, how === 'commit' ? how : 'rollback') })
  } catch (thrown) {
    await refreshState(id)
    throw thrown
  }
}

/** Asks where the session stands, e.g. after the window was opened anew. */
export async function refreshState(id: string): Promise<void> {
  const session = await api.queries.state({ session: id }).catch(() => undefined)
  if (session) changeRun(id, { session })
}

/** Takes up what a tab's session did and still does: its results and its transaction are there again in a page that was loaded anew. */
export async function followTab(id: string): Promise<void> {
  await refreshState(id)
  if (runOf(id).running) return
  try {
    for await (const event of await api.queries.follow({ session: id })) {
      if (event.type === 'statement' && event.statement === 0) beginRun(id)
      takeEvent(id, event, 0)
    }
  } finally {
    changeRun(id, { running: false })
    await refreshState(id)
  }
}
