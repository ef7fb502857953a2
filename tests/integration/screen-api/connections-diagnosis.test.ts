import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { connectionsApi } from '../../helpers/connections-api.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'
import { freePort } from '../../helpers/private-server.ts'
import { listen, testCertificate, tlsProxy } from '../../helpers/tls-proxy.ts'

let api: Awaited<ReturnType<typeof connectionsApi>>
let fresh: FreshDatabase
let server: ConnectionConfig

beforeAll(async () => {
  api = await connectionsApi()
  fresh = await freshDatabase()
  server = (await api.connections.parseUrl({ url: fresh.url })).config
})

afterAll(async () => {
  await fresh.drop()
  await api[Symbol.asyncDispose]()
})

const attempt = (config: ConnectionConfig, signal?: AbortSignal) =>
  api.connections.test({ name: 'lake', config }, signal ? { signal } : {})
const kindOf = async (config: ConnectionConfig) => {
  const { ok, error, diagnosis } = await attempt(config)
  expect(ok).toBe(false)
  expect(error?.message).toBeTruthy()
  expect(diagnosis?.steps.length).toBeGreaterThan(0)
  return diagnosis
}

/** A server that takes connections and treats them as `serve` says. */
async function someServer(serve: (socket: Socket) => void) {
  const open = new Set<Socket>()
  const listening = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy())
    serve(socket)
  })
  const port = await listen(listening)
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((done) => listening.close(done))
    },
  }
}

describe('a Postgres connection', () => {
  it('that works tells version and latency', async () => {
    const result = await attempt(server)
    expect(result).toMatchObject({ ok: true, version: expect.stringMatching(/^\d+\.\d+/) })
    expect(result.latencyMs).toBeGreaterThanOrEqual(0)
    expect(result.ms).toBeGreaterThanOrEqual(result.latencyMs ?? 0)
  })

  it('to a host that nobody knows', async () => {
    const diagnosis = await kindOf({ ...server, host: 'no-such-host.invalid' })
    expect(diagnosis).toMatchObject({ kind: 'host-unknown', title: 'The host is unknown', field: 'host' })
    expect(diagnosis?.steps[0]).toContain('no-such-host.invalid')
  })

  it('to a port where nothing listens', async () => {
    expect(await kindOf({ ...server, port: await freePort() })).toMatchObject({ kind: 'refused', field: 'port' })
  })

  it('to something that accepts and says nothing', async () => {
    await using silent = await someServer(() => undefined)
    const config = { ...server, port: silent.port, driver: { connectionTimeoutMillis: 300 } }
    expect(await kindOf(config)).toMatchObject({ kind: 'timeout', field: 'host' })
  })

  it('to something that hangs up', async () => {
    await using rude = await someServer((socket) => socket.end('SSH-2.0-x\r\n'))
    expect(await kindOf({ ...server, port: rude.port, tls: { mode: 'off' } })).toMatchObject({ field: 'port' })
  })

  it('to a server that wants encryption, and one change mends it', async () => {
    await using proxy = await tlsProxy({ host: server.host ?? '', port: server.port ?? 0 })
    const diagnosis = await kindOf({ ...server, port: proxy.port, tls: { mode: 'off' } })
    expect(diagnosis).toMatchObject({ kind: 'tls-required', change: { field: 'tls.mode', value: 'require' } })
    expect(await attempt({ ...server, port: proxy.port, tls: { mode: 'require' } })).toMatchObject({ ok: true })
  })

  it('to a server whose certificate is not trusted, and the CA mends it', async () => {
    await using proxy = await tlsProxy({ host: server.host ?? '', port: server.port ?? 0 })
    const at = { ...server, host: 'localhost', port: proxy.port }
    expect(await kindOf({ ...at, tls: { mode: 'verify' } })).toMatchObject({ kind: 'tls-untrusted', field: 'tls.ca' })
    expect(await attempt({ ...at, tls: { mode: 'verify', ca: testCertificate } })).toMatchObject({ ok: true })
    expect(await kindOf({ ...at, tls: { mode: 'verify', ca: '/no/such/ca.pem' } })).toMatchObject({ kind: 'tls-files' })
  })

  it('that insists on encryption where none is offered', async () => {
    expect(await kindOf({ ...server, tls: { mode: 'require' } })).toMatchObject({
      kind: 'tls-not-offered',
      change: { value: 'off' },
    })
  })

  it('with a wrong password, and with none', async () => {
    await fresh.sql(
      `do $$ begin create role with_password login password 'right'; exception when duplicate_object then null; end $$`,
    )
    await fresh.sql(`alter role with_password password 'right'`)
    const user = { ...server, user: 'with_password' }
    expect(await kindOf({ ...user, password: 'wrong' })).toMatchObject({ kind: 'wrong-password', field: 'password' })
    expect(await kindOf(user)).toMatchObject({ kind: 'password-missing', field: 'password' })
    expect(await attempt({ ...user, password: 'right' })).toMatchObject({ ok: true })
  })

  it('of a user who does not exist', async () => {
    const diagnosis = await kindOf({ ...server, user: 'nobody_here' })
    expect(diagnosis).toMatchObject({ kind: 'unknown-user', field: 'user' })
    expect(diagnosis?.steps[0]).toContain('"nobody_here"')
  })

  it('to a database that does not exist', async () => {
    const diagnosis = await kindOf({ ...server, database: 'no_such_db' })
    expect(diagnosis).toMatchObject({ kind: 'database-missing', field: 'database' })
  })

  it('can be stopped while it is tried', async () => {
    const reached = Promise.withResolvers<void>()
    await using silent = await someServer(() => reached.resolve())
    const stop = new AbortController()
    const trying = attempt({ ...server, port: silent.port }, stop.signal)
    await reached.promise
    stop.abort()
    expect(await trying).toMatchObject({ ok: false, error: { code: 'RUN_CANCELLED' } })
  })

  it('that needs a variable which is not set', async () => {
    expect(await kindOf({ ...server, host: `\${NO_SUCH_VARIABLE}` })).toMatchObject({ kind: 'config' })
  })
})

describe('a SQLite connection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-diagnosis-'))
  const file = (name: string) => join(folder, name)
  const sqlite = (name: string): ConnectionConfig => ({ dialect: 'sqlite', file: file(name) })

  it('that works tells its version', async () => {
    new DatabaseSync(file('good.db')).exec('create table t (a)')
    expect(await attempt(sqlite('good.db'))).toMatchObject({ ok: true, version: expect.stringMatching(/^3\./) })
  })

  it('to a file that is not there, which stays away', async () => {
    expect(await kindOf(sqlite('gone.db'))).toMatchObject({ kind: 'file-missing', field: 'file' })
    expect(await kindOf(sqlite('gone.db'))).toMatchObject({ kind: 'file-missing' })
  })

  it('to something else than a database', async () => {
    writeFileSync(file('notes.db'), 'These are notes. '.repeat(500))
    mkdirSync(file('folder.db'))
    expect(await kindOf(sqlite('notes.db'))).toMatchObject({ kind: 'not-a-database', field: 'file' })
    expect(await kindOf(sqlite('folder.db'))).toMatchObject({ kind: 'not-a-database', field: 'file' })
  })

  it('to a damaged database', async () => {
    const database = new DatabaseSync(file('damaged.db'))
    database.exec('create table t (a)')
    const [first] = database.prepare('pragma page_size').all()
    database.close()
    const { readFileSync } = await import('node:fs')
    const bytes = readFileSync(file('damaged.db'))
    bytes.fill(0xff, 100, Number(first?.page_size))
    writeFileSync(file('damaged.db'), bytes)
    expect(await kindOf(sqlite('damaged.db'))).toMatchObject({ kind: 'damaged', field: 'file' })
  })

  it('to a database that another program holds', async () => {
    const holder = new DatabaseSync(file('held.db'))
    holder.exec('create table t (a); pragma locking_mode = exclusive; begin exclusive; insert into t values (1)')
    try {
      const config = { ...sqlite('held.db'), driver: { busy_timeout: 50 } }
      expect(await kindOf(config)).toMatchObject({ kind: 'locked', field: 'file' })
    } finally {
      holder.close()
    }
  })
})
