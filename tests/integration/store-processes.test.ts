import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openVault } from '../../src-main/services/vault.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'
import { temporaryFolder } from '../unit/services/temporary.ts'

const script = join(import.meta.dirname, 'store-child.ts')

interface Child {
  process: ChildProcessWithoutNullStreams
  /** Every line after "ready". */
  lines: string[]
  /** Resolves with the number of lines so far, once there are at least so many. */
  said(lines: number): Promise<void>
  ended: Promise<{ code: number | null; errors: string }>
}

/** Starts a process and waits until it is ready to go. */
async function child(home: string, ...job: string[]): Promise<Child> {
  const started = spawn(process.execPath, [script, ...job], {
    env: { ...process.env, SLUICE_HOME: home, SLUICE_KEY: '' },
  })
  onTestFinished(() => {
    started.kill('SIGKILL')
  })
  const lines: string[] = []
  const waiting: { lines: number; go: () => void }[] = []
  let errors = ''
  started.stderr.on('data', (data: Buffer) => {
    errors += data.toString()
  })
  const ended = once(started, 'close').then(([code]) => ({ code: typeof code === 'number' ? code : null, errors }))
  const reader = createInterface(started.stdout)
  await once(reader, 'line')
  reader.on('line', (line) => {
    lines.push(line)
    for (const one of waiting) if (lines.length >= one.lines) one.go()
  })
  return {
    process: started,
    lines,
    ended,
    said: (count) => new Promise((go) => waiting.push({ lines: count, go })),
  }
}

async function together(home: string, count: number, ...job: string[]): Promise<Child[]> {
  const children = await Promise.all(Array.from({ length: count }, () => child(home, ...job)))
  for (const one of children) one.process.stdin.write('go\n')
  return children
}

/**
 * What the database itself says. Never asked while this process has the workspace open: two copies of SQLite in one
 * process drop each other's file locks.
 */
function ask(home: string, sql: string): unknown {
  const database = new DatabaseSync(join(home, 'workspace.db'))
  try {
    return Object.values(database.prepare(sql).get() ?? {})[0]
  } finally {
    database.close()
  }
}

const integrity = (home: string) => ask(home, 'pragma integrity_check')

describe('processes that share a workspace', () => {
  it('may all be the first to open it', { timeout: 60_000 }, async () => {
    const home = join(temporaryFolder(), 'home')
    const children = await together(home, 6, 'open')
    expect(await Promise.all(children.map((one) => one.ended))).toEqual(children.map(() => ({ code: 0, errors: '' })))
    expect(ask(home, 'select group_concat(name) from migrations')).toBe('001-initial,002-queries')
    expect(ask(home, 'pragma journal_mode')).toBe('wal')
    await using workspace = openWorkspace({ env: {}, home })
    const names = (await workspace.connections.list()).map(({ name }) => name)
    expect(names.sort()).toEqual(children.map((one) => `made by ${one.process.pid}`).sort())
  })

  it('may all write their runs at once', { timeout: 120_000 }, async () => {
    const home = temporaryFolder()
    const writes = 60
    const children = await together(home, 4, 'write', String(writes))
    expect(await Promise.all(children.map((one) => one.ended))).toEqual(children.map(() => ({ code: 0, errors: '' })))
    expect(integrity(home)).toBe('ok')
    await using workspace = openWorkspace({ env: {}, home })
    const runs = await workspace.runs.list()
    expect(runs).toHaveLength(4)
    for (const { id, state } of runs) {
      expect(state).toBe('completed')
      const { nodes } = await workspace.runs.show(id)
      expect(nodes.map(({ node, state: nodeState, counts }) => [node, nodeState, counts]).sort()).toEqual(
        Array.from({ length: writes }, (_, n) => [`node ${n}`, 'completed', { rowsOut: n }]).sort(),
      )
      const logs = await workspace.runs.logs(id)
      expect(logs.map((log) => log.message)).toEqual(Array.from({ length: writes }, (_, n) => `message ${n}`))
    }
  })

  it('leave a whole workspace behind when they are killed while writing', { timeout: 120_000 }, async () => {
    const home = temporaryFolder()
    const children = await together(home, 3, 'write', '100000')
    await Promise.all(children.map((one, index) => one.said(5 + index * 10)))
    for (const one of children) one.process.kill('SIGKILL')
    await Promise.all(children.map((one) => one.ended))

    expect(integrity(home)).toBe('ok')
    await using workspace = openWorkspace({ env: {}, home })
    const marked = await workspace.runs.markCrashed()
    const said = children.map((one) => ({ id: one.lines[0]?.split(' ')[0] ?? '', lines: one.lines.length }))
    expect(marked.sort()).toEqual(said.map(({ id }) => id).sort())
    for (const { id, lines } of said) {
      const { state, error, nodes } = await workspace.runs.show(id)
      expect([state, error?.code]).toEqual(['crashed', 'INTERNAL'])
      // All that was reported as written is there; a step that was under way is there whole or not at all.
      expect([lines, lines + 1]).toContain(nodes.length)
      expect(new Set(nodes.map((node) => node.state))).toEqual(new Set(['completed']))
      expect(await workspace.runs.logs(id)).toHaveLength(nodes.length)
    }
    expect(await workspace.runs.markCrashed()).toEqual([])
  })

  it('end up with one key', { timeout: 60_000 }, async () => {
    const home = join(temporaryFolder(), 'home')
    const children = await together(home, 6, 'seal')
    expect(await Promise.all(children.map((one) => one.ended))).toEqual(children.map(() => ({ code: 0, errors: '' })))
    expect(readdirSync(home)).toEqual(['key'])
    const vault = openVault(home, {})
    const opened = await Promise.all(children.map((one) => vault.open(one.lines[0] ?? '', 'test')))
    expect(opened).toEqual(children.map((one) => `sealed by ${one.process.pid}`))
  })

  it('do not call a run crashed that another one is still running', { timeout: 60_000 }, async () => {
    const home = temporaryFolder()
    const [runner] = await together(home, 1, 'write', '100000')
    await runner?.said(1)
    await using workspace = openWorkspace({ env: {}, home })
    expect(await workspace.runs.markCrashed()).toEqual([])
    expect((await workspace.runs.show('last')).state).toBe('running')
  })
})
