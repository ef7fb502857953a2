import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { extractAll, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Api } from '../../shared/contract/index.ts'
import { forkEngine } from '../../src-main/hosts/engine/fork.ts'
import { Supervisor } from '../../src-main/hosts/engine/supervisor.ts'
import { finished } from '../helpers/cli.ts'
import { endOf } from '../helpers/serve-client.ts'

const root = new URL('../..', import.meta.url).pathname
let folder: string
/** What the installer would put on the disk. */
let packed: string
let archive: string
/** The archive as Electron sees it: packed and unpacked files as one. Nothing of the checkout is above it. */
let unpacked: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-package-'))
  const config = [`-c.electronDist=${runtimeIn(folder)}`, `-c.directories.output=${join(folder, 'out')}`]
  const cli = join(root, 'node_modules', 'electron-builder', 'cli.js')
  const args = [cli, '--linux', 'dir', `--${process.arch}`, '--publish', 'never', '--projectDir', root, ...config]
  // Whatever it would fetch, it does not get.
  const nowhere = 'http://127.0.0.1:1'
  const env = { ...process.env, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, npm_config_offline: 'true' }
  const { code, stdout, stderr } = await finished(
    spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] }),
  )
  if (code !== 0) throw new Error(`electron-builder ended with ${code}\n${stdout}\n${stderr}`)
  packed = join(folder, 'out', readdirSync(join(folder, 'out')).find((name) => name.endsWith('unpacked')) ?? '')
  archive = join(packed, 'resources', 'app.asar')
  unpacked = join(folder, 'app', 'app.asar')
  extractAll(archive, unpacked)
  cpSync(join(packed, 'resources', 'resources'), join(folder, 'app', 'resources'), { recursive: true })
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A runtime that cannot run, but can be packed: Electron's own is downloaded apart from everything else. */
function runtimeIn(place: string): string {
  const runtime = join(place, 'runtime')
  mkdirSync(join(runtime, 'locales'), { recursive: true })
  mkdirSync(join(runtime, 'resources'))
  writeFileSync(join(runtime, 'locales', 'en-US.pak'), '')
  writeFileSync(join(runtime, 'version'), '45.4.1')
  // Where the fuses are in a binary: a mark, the version of what follows, how many there are, and one byte for each.
  const fuses = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09101100110', 'latin1')
  writeFileSync(join(runtime, 'electron'), Buffer.concat([Buffer.alloc(64), fuses, Buffer.alloc(64)]), { mode: 0o755 })
  return runtime
}

describe('the archive', () => {
  it('holds what runs, and nothing else', () => {
    const files = listPackage(archive, { isPack: false })
    const { main } = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8'))
    expect(files).toContain(`/${main}`)
    expect(files).toEqual(expect.arrayContaining(['/dist/preload/preload.cjs', '/dist/renderer/index.html']))
    expect(files.filter((file) => /\.map$|\.tsx?$|\/(tests|src-main|src-renderer|docs)\//.test(file))).toEqual([])
    const packages = readdirSync(join(unpacked, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(packages.sort()).toEqual([
      '@duckdb',
      '@jitl',
      'bindings',
      'detect-libc',
      'file-uri-to-path',
      'quickjs-emscripten',
      'quickjs-emscripten-core',
      'sqlite3',
    ])
  })

  it('leaves libraries where the system can load them', () => {
    const loose = readdirSync(join(packed, 'resources', 'app.asar.unpacked'), { recursive: true }).map(String)
    expect(loose.filter((file) => /\.(node|so|dylib|dll)$/.test(file)).length).toBeGreaterThanOrEqual(2)
    const libraries = listPackage(archive, { isPack: true }).filter((file) =>
      /^pack .*\.(node|so|dylib|dll)$/.test(file),
    )
    expect(libraries).toEqual([])
  })
})

it('closes all doors of the runtime but the one that SQLite lanes come in by', async () => {
  const binary = readdirSync(packed).find((name) => name === 'sluice-desktop') ?? ''
  const fuses = await getCurrentFuseWire(join(packed, binary))
  const on = (fuse: FuseV1Options) => String.fromCharCode(fuses[fuse] ?? 0) === '1'
  expect(on(FuseV1Options.RunAsNode)).toBe(true)
  expect(on(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false)
  expect(on(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false)
  expect(on(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true)
  expect(on(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true)
  expect(on(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false)
})

it('runs its engine: rows through code into SQLite, kept in the history, with its samples at hand', async () => {
  process.env.SLUICE_HOME = join(folder, 'home')
  const supervisor = new Supervisor({
    launch: () => forkEngine(join(unpacked, 'dist', 'main', 'engine.js')),
    start: { kind: 'desktop' },
    actions: {
      pick: async () => null,
      openExternal: async () => undefined,
      title: () => undefined,
      menu: () => undefined,
    },
  })
  const api = speak(supervisor)
  new DatabaseSync(join(folder, 'shop.db')).exec('create table seen(n integer)')
  writeFileSync(join(folder, 'connections.json'), '{ "shop": "sqlite:shop.db" }')
  const rows = { kind: 'rows', config: { columns: [{ name: 'n', type: 'int64' }], rows: [[1], [2], [3]] } }
  const code = {
    kind: 'code',
    config: { code: 'function row(r) { return { n: r.n * 2n } }', columns: [{ name: 'n', type: 'int64' }] },
  }
  const { runId } = await api.runs.start({
    document: {
      sluice: 1,
      name: 'Packed',
      nodes: {
        rows,
        big: { kind: 'filter', config: { where: 'n > 1' } },
        code,
        to: { kind: 'load', config: { connection: 'shop', table: 'seen', mode: 'append' } },
      },
      edges: [
        { from: 'rows', to: 'big' },
        { from: 'big', to: 'code' },
        { from: 'code', to: 'to' },
      ],
    },
    path: null,
    folder,
    mode: 'inspect',
  })
  const state = await endOf(api, runId)
  const { error, nodes } = await api.runs.show({ run: runId })
  expect({ state, error, failed: nodes.filter((node) => node.error) }).toEqual({
    state: 'completed',
    error: null,
    failed: [],
  })
  expect(new DatabaseSync(join(folder, 'shop.db')).prepare('select n from seen order by n').all()).toEqual([
    { n: 4 },
    { n: 6 },
  ])
  const samples = await api.files.samples()
  expect(samples.map(({ title }) => title)).toContain('Airports')
  expect(samples.every(({ path }) => existsSync(path))).toBe(true)
  expect((await api.app.info()).version).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
  await supervisor.end()
}, 60_000)

/** The contract over the frames that a supervisor passes on. */
function speak(supervisor: Supervisor): Api {
  const listeners = new Set<(event: { data: unknown }) => void>()
  const link = supervisor.join(
    (data) => {
      for (const listener of listeners) listener({ data })
    },
    () => undefined,
  )
  const websocket = {
    readyState: 1,
    send: (data: string | Uint8Array<ArrayBuffer>) => link.send(data),
    addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
      if (type === 'message') listeners.add(listener)
    },
    removeEventListener: () => undefined,
  }
  return createORPCClient(new RPCLink({ websocket: websocket as unknown as WebSocket }))
}
