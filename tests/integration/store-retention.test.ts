import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runFolder } from '../../src-main/services/home.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { newRun, store } from '../helpers/store.ts'
import { failure, temporaryFolder } from '../unit/services/temporary.ts'

describe('retention', () => {
  /** Runs that ended on the given days, each with so many bytes of kept rows. */
  interface Past {
    id: string
    daysAgo: number
    bytes: number
    open?: boolean
    /** The run whose rows it reused, besides its own. */
    reused?: string
  }

  async function history(home: string, runs: Past[]) {
    const opened = await store(home)
    for (const { id, daysAgo, bytes, open, reused } of [...runs].sort((a, b) => b.daysAgo - a.daysAgo)) {
      mkdirSync(runFolder(home, id), { recursive: true })
      writeFileSync(join(runFolder(home, id), 'rows.duckdb'), Buffer.alloc(bytes))
      await opened.runs.create(newRun(id, { document: `document of ${id === 'a' ? 'a' : 'all'}` }))
      const output = (node: string, of: string) => ({
        node,
        port: 'out',
        file: join(runFolder(home, of), 'rows.duckdb'),
        table: 't',
        rows: 1,
        columns: [],
        fingerprint: of === id ? 'same' : 'reused',
      })
      const stamp = { runId: id, at: new Date(Date.now() - daysAgo * 86_400_000).toISOString() }
      const run = { ...stamp, type: 'run', pipeline: 'Daily', mode: 'deliver', dryRun: false } as const
      await opened.runs.apply(id, {
        events: [
          { ...run, state: 'running' },
          { ...stamp, type: 'log', level: 'info', message: 'hello' },
          ...(open ? [] : [{ ...run, state: 'completed' } as const]),
        ],
        counts: {},
        fingerprints: {},
        outputs: [output('a', id), ...(reused ? [output('b', reused)] : [])],
      })
    }
    return openWorkspace({ env: {}, home })
  }

  it('removes old runs with their rows and logs, but none that is still open', async () => {
    const home = temporaryFolder()
    await using workspace = await history(home, [
      { id: 'old', daysAgo: 40, bytes: 1000 },
      { id: 'still-open', daysAgo: 50, bytes: 10, open: true },
      { id: 'new', daysAgo: 1, bytes: 10 },
    ])
    expect(await workspace.runs.prune({ keepDays: 30 })).toEqual({ runs: 1, outputs: 1, bytes: 1000 })
    expect((await workspace.runs.list()).map((run) => run.id).sort()).toEqual(['new', 'still-open'])
    expect((await failure(workspace.runs.logs('old'))).code).toBe('RUN_UNKNOWN')
    expect(() => statSync(runFolder(home, 'old'))).toThrow()
    expect(await workspace.runs.outputs('still-open')).toHaveLength(1)
  })

  it('keeps the newest runs', async () => {
    await using workspace = await history(temporaryFolder(), [
      { id: 'c', daysAgo: 3, bytes: 1 },
      { id: 'b', daysAgo: 2, bytes: 1 },
      { id: 'a', daysAgo: 1, bytes: 1 },
    ])
    expect((await workspace.runs.prune({ keepRuns: 2 })).runs).toBe(1)
    expect((await workspace.runs.list()).map((run) => run.id)).toEqual(['a', 'b'])
  })

  it('drops the rows of the oldest runs beyond the budget, and keeps their history', async () => {
    await using workspace = await history(temporaryFolder(), [
      { id: 'c', daysAgo: 3, bytes: 600 },
      { id: 'b', daysAgo: 2, bytes: 600 },
      { id: 'a', daysAgo: 1, bytes: 600 },
    ])
    expect(await workspace.runs.prune({ diskBudget: 1300 })).toEqual({ runs: 0, outputs: 1, bytes: 600 })
    expect(await workspace.runs.list()).toHaveLength(3)
    expect(await workspace.runs.outputs('c')).toEqual([])
    expect(await workspace.runs.outputs('b')).toHaveLength(1)
  })

  it('counts rows as used when a later run reused them', async () => {
    const home = temporaryFolder()
    await using workspace = await history(home, [
      { id: 'd', daysAgo: 40, bytes: 600 },
      { id: 'c', daysAgo: 3, bytes: 600 },
      { id: 'b', daysAgo: 2, bytes: 600 },
      { id: 'a', daysAgo: 1, bytes: 600, reused: 'd' },
    ])
    expect(await workspace.runs.prune({ keepDays: 30, diskBudget: 1300 })).toEqual({ runs: 1, outputs: 2, bytes: 1200 })
    expect((await workspace.runs.list()).map((run) => run.id)).toEqual(['a', 'b', 'c'])
    expect((await workspace.runs.outputs('a')).map((output) => output.node)).toEqual(['a', 'b'])
    expect(await workspace.runs.outputs('b')).toEqual([])
  })

  it('removes a folder that no run has, unless it was just made', async () => {
    const home = temporaryFolder()
    await using workspace = await history(home, [{ id: 'a', daysAgo: 1, bytes: 1 }])
    for (const name of ['orphan', 'starting']) {
      mkdirSync(runFolder(home, name))
      writeFileSync(join(runFolder(home, name), 'rows.duckdb'), 'x')
    }
    const longAgo = new Date(Date.now() - 3 * 86_400_000)
    utimesSync(join(runFolder(home, 'orphan'), 'rows.duckdb'), longAgo, longAgo)
    utimesSync(runFolder(home, 'orphan'), longAgo, longAgo)
    expect(await workspace.runs.prune({})).toEqual({ runs: 0, outputs: 1, bytes: 1 })
    expect(readdirSync(join(home, 'runs')).sort()).toEqual(['a', 'starting'])
  })

  it('keeps one text of a document for all runs that had it, as long as one is left', async () => {
    await using workspace = await history(temporaryFolder(), [
      { id: 'c', daysAgo: 30, bytes: 1 },
      { id: 'b', daysAgo: 20, bytes: 1 },
      { id: 'a', daysAgo: 10, bytes: 1 },
    ])
    const hashes = (await workspace.runs.list()).map((run) => run.documentHash)
    expect([hashes[1] === hashes[2], hashes[0] === hashes[1]]).toEqual([true, false])
    expect((await workspace.runs.list()).map((run) => run.document)).toEqual([null, null, null])
    await workspace.runs.prune({ keepDays: 25 })
    expect((await workspace.runs.show('b')).document).toBe('document of all')
    await workspace.runs.prune({ keepDays: 15 })
    expect((await workspace.runs.show('a')).document).toBe('document of a')
    await workspace.runs.prune({ keepRuns: 0 })
    expect(await workspace.runs.list()).toEqual([])
  })

  it('removes nothing without a rule', async () => {
    await using workspace = await history(temporaryFolder(), [{ id: 'c', daysAgo: 3000, bytes: 600 }])
    expect(await workspace.runs.prune({})).toEqual({ runs: 0, outputs: 0, bytes: 0 })
  })

  it('leaves kept rows to be found by what they depend on, newest first, as long as the file is there', async () => {
    const home = temporaryFolder()
    await using workspace = await history(home, [
      { id: 'b', daysAgo: 2, bytes: 1 },
      { id: 'a', daysAgo: 1, bytes: 1 },
    ])
    expect((await workspace.runs.kept('same')).map((output) => output.runId)).toEqual(['a'])
    await workspace.runs.prune({ diskBudget: 1 })
    expect((await workspace.runs.kept('same')).map((output) => output.runId)).toEqual(['a'])
    await workspace.runs.prune({ diskBudget: 0 })
    expect(await workspace.runs.kept('same')).toEqual([])
    expect(await workspace.runs.kept('other')).toEqual([])
  })
})

describe('naming a run', () => {
  it('takes its id, a start that is its alone, or "last"', async () => {
    const home = temporaryFolder()
    const { runs } = await store(home)
    await using workspace = openWorkspace({ env: {}, home })
    expect((await failure(workspace.runs.show('last'))).code).toBe('RUN_UNKNOWN')
    for (const id of ['abc1', 'abc2', 'abc', '%x']) await runs.create(newRun(id))
    expect((await workspace.runs.show('abc')).id).toBe('abc')
    expect((await workspace.runs.show('abc2')).id).toBe('abc2')
    expect((await workspace.runs.show('%')).id).toBe('%x')
    for (const name of ['ab', 'zzz', '_bc1', ''])
      expect((await failure(workspace.runs.show(name))).code).toBe('RUN_UNKNOWN')
  })
})
