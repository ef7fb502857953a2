import { describe, expect, it } from 'vitest'
import { type RunEvent, type RunState, runStates, transitions } from '../../../shared/run.ts'
import { applyBatch, crashed, type RunBatch } from '../../../src-main/store/history.ts'
import type { NodeRunRecord, RunRecord } from '../../../src-main/store/records.ts'

const at = '2026-03-01T10:00:00.000Z'
const run = (state: RunState): RunRecord => ({
  id: 'r1',
  pipeline: 'Daily',
  file: null,
  document: null,
  documentHash: null,
  mode: 'deliver',
  dryRun: false,
  params: {},
  state,
  pid: 77,
  host: 'box',
  processStart: null,
  createdAt: at,
  startedAt: state === 'pending' ? null : at,
  finishedAt: null,
  error: null,
  resumedFrom: null,
})
const node = (name: string, values: Partial<NodeRunRecord> = {}): NodeRunRecord => ({
  runId: 'r1',
  node: name,
  state: 'pending',
  attempt: 0,
  counts: {},
  ms: null,
  kept: false,
  error: null,
  columns: null,
  fingerprint: null,
  ...values,
})
const batch = (...events: RunEvent[]): RunBatch => ({ events, counts: {}, fingerprints: {}, outputs: [] })
const runEvent = (state: RunState, later = at): RunEvent => ({
  type: 'run',
  runId: 'r1',
  at: later,
  state,
  pipeline: 'Daily',
  mode: 'deliver',
  dryRun: false,
})
const nodeEvent = (name: string, state: RunState, values: object = {}): RunEvent => ({
  type: 'node',
  runId: 'r1',
  at,
  node: name,
  state,
  attempt: 1,
  counts: {},
  ...values,
})

describe('working events into a run', () => {
  it('notes when it started and when it ended', () => {
    const later = '2026-03-01T10:00:05.000Z'
    const { run: result, refused } = applyBatch(
      run('pending'),
      [],
      batch(runEvent('running'), runEvent('completed', later)),
    )
    expect(result).toEqual({ state: 'completed', startedAt: at, finishedAt: later, error: null })
    expect(refused).toEqual([])
  })

  it('makes exactly the moves that the table of transitions has', () => {
    for (const from of runStates) {
      for (const to of runStates) {
        const allowed = from === to || transitions[from].includes(to)
        const asRun = applyBatch(run(from), [], batch(runEvent(to)))
        expect([asRun.run.state, asRun.refused.length]).toEqual(allowed ? [to, 0] : [from, 1])
        const asNode = applyBatch(run('running'), [node('a', { state: from })], batch(nodeEvent('a', to)))
        expect([asNode.nodes.get('a')?.state, asNode.refused.length]).toEqual(allowed ? [to, 0] : [from, 1])
      }
    }
  })

  it('goes on after a move it refuses', () => {
    const { nodes, refused } = applyBatch(
      run('running'),
      [node('a', { state: 'completed' })],
      batch(nodeEvent('a', 'running'), nodeEvent('b', 'running')),
    )
    expect(refused).toEqual(['node "a" completed → running'])
    expect(nodes.get('b')?.state).toBe('running')
  })

  it('takes any state as the first that is heard of a node', () => {
    const { nodes } = applyBatch(run('running'), [], batch(nodeEvent('a', 'completed', { kept: true, ms: 3 })))
    expect(nodes.get('a')).toMatchObject({ state: 'completed', kept: true, ms: 3, attempt: 1 })
  })

  it('gathers counts, and starts them afresh with a new attempt', () => {
    const first = applyBatch(
      run('running'),
      [],
      batch(
        nodeEvent('a', 'running', { counts: { rowsIn: 5, bytes: 90 } }),
        nodeEvent('a', 'running', { counts: { rowsIn: 9 } }),
      ),
    )
    expect(first.nodes.get('a')?.counts).toEqual({ rowsIn: 9, bytes: 90 })
    const second = applyBatch(
      run('running'),
      [...first.nodes.values()],
      batch(nodeEvent('a', 'running', { attempt: 2, counts: { rowsIn: 1 } })),
    )
    expect(second.nodes.get('a')).toMatchObject({ attempt: 2, counts: { rowsIn: 1 } })
  })

  it('forgets the error of an attempt that was followed by a better one', () => {
    const error = { code: 'CONNECTION_LOST', message: 'gone', retryable: true }
    const { nodes } = applyBatch(
      run('running'),
      [],
      batch(
        nodeEvent('a', 'running', { error }),
        nodeEvent('a', 'running', { attempt: 2 }),
        nodeEvent('a', 'completed', { attempt: 2 }),
      ),
    )
    expect(nodes.get('a')).toMatchObject({ state: 'completed', attempt: 2, error: null })
  })

  it('takes progress of nodes that still go, and of no others', () => {
    const stored = [
      node('a', { state: 'running', counts: { rowsIn: 1, rowsOut: 2 } }),
      node('b', { state: 'completed' }),
    ]
    const counts = { a: { rowsIn: 7 }, b: { rowsIn: 7 }, nowhere: { rowsIn: 7 } }
    const { nodes, changed } = applyBatch(run('running'), stored, { ...batch(), counts })
    expect(nodes.get('a')?.counts).toEqual({ rowsIn: 7, rowsOut: 2 })
    expect([...changed]).toEqual(['a'])
  })
})

describe('a run whose process is gone', () => {
  it('has crashed, with what was running; what waited was never run; what ended stays', () => {
    const nodes = [
      node('done', { state: 'completed' }),
      node('bad', { state: 'failed' }),
      node('busy', { state: 'running' }),
      node('stopping', { state: 'cancelling' }),
      node('waiting'),
    ]
    const result = crashed(run('running'), nodes, at)
    expect(result?.run).toMatchObject({
      state: 'crashed',
      finishedAt: at,
      error: { code: 'INTERNAL', retryable: true },
    })
    expect(result?.run.error?.hint).toContain('--resume r1')
    expect(result?.nodes.map(({ node: name, state }) => [name, state])).toEqual([
      ['busy', 'crashed'],
      ['stopping', 'crashed'],
      ['waiting', 'skipped'],
    ])
  })

  it.each(['completed', 'failed', 'cancelled', 'crashed', 'skipped'] as const)('stays as it ended: %s', (state) => {
    expect(crashed(run(state), [], at)).toBeUndefined()
  })
})
