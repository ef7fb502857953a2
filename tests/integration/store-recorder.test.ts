import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import type { RunEvent, RunState } from '../../shared/run.ts'
import { createRecorder, type RunStart } from '../../src-main/services/recorder.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { openStore, type Store } from '../../src-main/store/index.ts'
import { temporaryFolder } from '../unit/services/temporary.ts'

const start: RunStart = { id: 'r1', pipeline: 'Daily', mode: 'deliver', dryRun: false, params: { day: '2024-01-01' } }
const stamp = { runId: 'r1', at: '2026-03-01T10:00:00.000Z' }
const runEvent = (state: RunState): RunEvent => ({
  ...stamp,
  type: 'run',
  state,
  pipeline: 'Daily',
  mode: 'deliver',
  dryRun: false,
})
const nodeEvent = (node: string, state: RunState, counts = {}): RunEvent => ({
  ...stamp,
  type: 'node',
  node,
  state,
  attempt: 1,
  counts,
})
const log = (message: string): RunEvent => ({ ...stamp, type: 'log', level: 'info', message })

async function store(): Promise<Store> {
  const opened = await openStore({ home: temporaryFolder() })
  onTestFinished(() => opened.close())
  return opened
}

describe('the recorder', () => {
  it('writes a run down as it happened, with the process that ran it', async () => {
    const opened = await store()
    const recorder = createRecorder(start, async () => opened)
    recorder.record(runEvent('running'))
    recorder.record(nodeEvent('a', 'running'))
    recorder.record({ ...stamp, type: 'progress', nodes: { a: { rowsIn: 5 } } })
    recorder.record(log('first'))
    recorder.record(log('second'))
    recorder.fingerprint('a', 'f1')
    recorder.output({ node: 'a', port: 'out', file: '/rows', table: 't', rows: 5, columns: [], fingerprint: 'f1' })
    recorder.record(nodeEvent('a', 'completed', { rowsOut: 5 }))
    recorder.record(runEvent('completed'))
    expect(await recorder.flush()).toBeUndefined()
    const run = await opened.runs.get('r1')
    expect(run).toMatchObject({
      ...start,
      state: 'completed',
      pid: process.pid,
      startedAt: stamp.at,
      finishedAt: stamp.at,
    })
    expect(await opened.runs.nodes('r1')).toMatchObject([
      { node: 'a', state: 'completed', fingerprint: 'f1', counts: { rowsOut: 5 } },
    ])
    expect((await opened.runs.logs('r1')).map(({ message }) => message)).toEqual(['first', 'second'])
    expect(await opened.runs.outputs('r1')).toHaveLength(1)
    expect(await recorder.flush()).toBeUndefined()
    expect(await opened.runs.logs('r1')).toHaveLength(2)
  })

  it('queues until the store is open, and never makes the run wait', async () => {
    const opened = await store()
    const opening = Promise.withResolvers<Store>()
    const recorder = createRecorder(start, () => opening.promise, { gatherMs: 0 })
    recorder.record(runEvent('running'))
    recorder.record(log('early'))
    const flushed = recorder.flush()
    recorder.record(log('while opening'))
    opening.resolve(opened)
    expect(await flushed).toBeUndefined()
    expect((await opened.runs.logs('r1')).map(({ message }) => message)).toEqual(['early', 'while opening'])
  })

  it('writes by itself in the background', async () => {
    const opened = await store()
    const applied = Promise.withResolvers<void>()
    const apply: Store['runs']['apply'] = async (id, batch) => {
      const refused = await opened.runs.apply(id, batch)
      applied.resolve()
      return refused
    }
    const watched: Store = { ...opened, runs: { ...opened.runs, create: (run) => opened.runs.create(run), apply } }
    const recorder = createRecorder(start, async () => watched, { gatherMs: 1 })
    recorder.record(runEvent('running'))
    await applied.promise
    expect((await opened.runs.get('r1'))?.state).toBe('running')
  })

  it('keeps only the latest of what progress says, and gives way to a state that says more', async () => {
    const opened = await store()
    const recorder = createRecorder(start, async () => opened)
    recorder.record(runEvent('running'))
    recorder.record(nodeEvent('a', 'running'))
    recorder.record(nodeEvent('b', 'running'))
    for (let rows = 0; rows < 1000; rows++) {
      recorder.record({ ...stamp, type: 'progress', nodes: { a: { rowsIn: rows }, b: { rowsIn: rows, bytes: 3 } } })
    }
    recorder.record(nodeEvent('b', 'running', { rowsIn: 2000 }))
    await recorder.flush()
    expect((await opened.runs.nodes('r1')).map(({ counts }) => counts)).toEqual([
      { rowsIn: 999 },
      { rowsIn: 2000, bytes: 3 },
    ])
    expect(await opened.runs.logs('r1')).toEqual([])
  })

  it('keeps so many log lines, so long, and says how many it left out', async () => {
    const opened = await store()
    const recorder = createRecorder(start, async () => opened, { maxLogs: 3 })
    recorder.record(log('x'.repeat(100_000)))
    recorder.record(log('with \0 inside'))
    for (let n = 0; n < 10; n++) recorder.record(log(`line ${n}`))
    await recorder.flush()
    const messages = (await opened.runs.logs('r1')).map(({ message }) => message)
    expect(messages.map((message) => message.length < 10_000)).toEqual([true, true, true, true])
    expect(messages.slice(1)).toEqual(['with  inside', 'line 0', '9 more log lines were not kept.'])
  })

  it('turns a store that cannot be opened into one warning', async () => {
    const home = join(temporaryFolder(), 'file')
    writeFileSync(home, '')
    await using workspace = openWorkspace({ env: {}, home })
    const recorder = workspace.recorder(start)
    recorder.record(runEvent('running'))
    expect(await recorder.flush()).toMatch(/history of this run is not complete: .*cannot be made/)
    for (let n = 0; n < 100; n++) recorder.record(log('more'))
    expect(await recorder.flush()).toMatch(/^The history of this run is not complete/)
  })

  it('tries again where trying again may help, without writing twice', async () => {
    const opened = await store()
    let busy = 2
    const apply: Store['runs']['apply'] = async (id, batch) => {
      if (busy-- > 0) throw new AppError('CONNECTION_LOCKED', 'locked', { retryable: true })
      return opened.runs.apply(id, batch)
    }
    const flaky: Store = { ...opened, runs: { ...opened.runs, create: (run) => opened.runs.create(run), apply } }
    const recorder = createRecorder(start, async () => flaky)
    recorder.record(runEvent('running'))
    recorder.record(log('once'))
    expect(await recorder.flush()).toBeUndefined()
    expect(await opened.runs.logs('r1')).toHaveLength(1)
  })

  it('reports steps that a run cannot make, and writes the rest', async () => {
    const opened = await store()
    const recorder = createRecorder(start, async () => opened)
    for (const state of ['running', 'completed', 'failed'] as const) recorder.record(runEvent(state))
    recorder.record(log('still here'))
    expect(await recorder.flush()).toContain('completed → failed')
    expect((await opened.runs.get('r1'))?.state).toBe('completed')
    expect(await opened.runs.logs('r1')).toHaveLength(1)
  })
})
