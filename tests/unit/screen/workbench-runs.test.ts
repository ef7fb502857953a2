import { beforeEach, describe, expect, it } from 'vitest'
import type { PlanStep, QueryEvent } from '../../../shared/contract/queries.ts'
import { flatten, measureOf } from '../../../src-renderer/workbench/plan.ts'
import { afterEvent, beginRun, changeRun, forgetRun, runOf } from '../../../src-renderer/workbench/runs.ts'

describe('a run', () => {
  beforeEach(() => forgetRun('tab'))
  const take = (...events: QueryEvent[]) => {
    for (const event of events) changeRun('tab', afterEvent(runOf('tab'), event, 100))
    return runOf('tab')
  }
  const begun = (statement: number): QueryEvent => ({
    type: 'statement',
    statement,
    position: statement * 10,
    sql: 's',
    connection: 'shop',
    folder: '/',
  })

  it('shows the first rows as they come, and the messages when something fails', () => {
    beginRun('tab')
    take(begun(0), { type: 'done', statement: 0, rows: null, affected: 2, ms: 1 }, begun(1))
    const rows = take({ type: 'rows', statement: 1, query: 'q', columns: [] })
    expect(rows.shown).toBe(1)
    const failed = take({
      type: 'failed',
      statement: 1,
      ms: 3,
      error: { code: 'QUERY_FAILED', message: 'no', at: { position: 12 }, retryable: false },
    })
    expect(failed.shown).toBe('messages')
    expect(failed.statements.map(({ state, position }) => [state, position])).toEqual([
      ['done', 100],
      ['failed', 110],
    ])
    expect(failed.statements[1]?.error?.at?.position).toBe(112)
  })

  it('collects what the database says of each statement', () => {
    beginRun('tab')
    const run = take(
      begun(0),
      { type: 'notice', statement: 0, severity: 'info', message: 'one' },
      { type: 'notice', statement: 0, severity: 'warning', message: 'two', hint: 'mind' },
      begun(1),
    )
    expect(run.statements.map(({ notices }) => notices)).toEqual([
      [
        { severity: 'info', message: 'one' },
        { severity: 'warning', message: 'two', hint: 'mind' },
      ],
      [],
    ])
  })

  it('gives each result of a statement a place of its own, and shows the first', () => {
    beginRun('tab')
    const run = take(
      begun(0),
      { type: 'rows', statement: 0, query: 'q', columns: [] },
      { type: 'done', statement: 0, rows: 1, affected: null, ms: 1 },
      { type: 'further', statement: 1, of: 0 },
      { type: 'rows', statement: 1, query: 'q', columns: [] },
      { type: 'done', statement: 1, rows: 5, affected: null, ms: 1 },
      begun(2),
    )
    expect(run.shown).toBe(0)
    expect(run.statements.map(({ position, rows, state }) => [position, rows, state])).toEqual([
      [100, 1, 'done'],
      [100, 5, 'done'],
      [120, null, 'running'],
    ])
  })

  it('knows which rows were read in a transaction that was rolled back', () => {
    const session = (transaction: 'open' | 'idle'): QueryEvent => ({
      type: 'session',
      state: { transaction, since: null, running: false, changed: null },
    })
    const script = (...texts: string[]) => {
      forgetRun('tab')
      texts.forEach((sql, statement) => {
        const over = /^(?:rollback|commit)$/i.test(sql)
        take({ type: 'statement', statement, position: 0, sql, connection: 'shop', folder: '/' })
        take({ type: 'done', statement, rows: 1, affected: null, ms: 1 }, session(over ? 'idle' : 'open'))
      })
      return runOf('tab').statements.map(({ transaction }) => transaction)
    }
    expect(script('begin', 'select 1')).toEqual(['open', 'open'])
    expect(script('begin', 'select 1', 'ROLLBACK')).toEqual(['rolled back', 'rolled back', undefined])
    expect(script('begin', 'select 1', 'commit')).toEqual([undefined, undefined, undefined])
    expect(script('begin', 'commit', 'begin', 'select 1', 'rollback')).toEqual([
      ...[undefined, undefined],
      ...['rolled back', 'rolled back', undefined],
    ])
  })

  it('lets go of what ran before only when the next one begins', () => {
    take(begun(0), begun(1))
    expect(take({ type: 'cautions', cautions: [] }).statements).toHaveLength(2)
    expect(take(begun(0)).statements).toHaveLength(1)
  })

  it('tells a stop from a failure', () => {
    const error = { code: 'RUN_CANCELLED' as const, message: 'Stopped.', retryable: false }
    expect(take(begun(0), { type: 'failed', statement: 0, ms: 1, error }).statements[0]?.state).toBe('stopped')
  })
})

describe('a plan', () => {
  const step = (title: string, cost: number, ...steps: PlanStep[]): PlanStep => ({ title, cost, steps })

  it('marks the step that costs most by itself', () => {
    const plan = step('Sort', 100, step('Join', 90, step('Scan a', 20), step('Scan b', 10)))
    const rows = flatten(plan, measureOf(plan))
    expect(rows.map(({ step: { title }, own, depth, worst }) => [title, own, depth, worst])).toEqual([
      ['Sort', 10, 0, false],
      ['Join', 60, 1, true],
      ['Scan a', 20, 2, false],
      ['Scan b', 10, 2, false],
    ])
    expect(rows[2]?.share).toBeCloseTo(1 / 3)
  })

  it('takes time before cost, and neither where neither is told', () => {
    expect(measureOf({ title: 'a', cost: 1, steps: [{ title: 'b', ms: 2, steps: [] }] })).toBe('ms')
    const bare: PlanStep = { title: 'a', steps: [] }
    expect(flatten(bare, measureOf(bare))).toMatchObject([{ own: undefined, worst: false }])
  })
})
