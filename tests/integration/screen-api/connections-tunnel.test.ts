import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConnectionConfig, TunnelConfig } from '../../../shared/connections.ts'
import { connectionsApi } from '../../helpers/connections-api.ts'
import { type FreshDatabase, freshDatabase } from '../../helpers/postgres.ts'
import { freePort } from '../../helpers/private-server.ts'
import { hostKey, sshKeys, sshServer } from '../../helpers/ssh-server.ts'
import { listen, testCertificate, tlsProxy } from '../../helpers/tls-proxy.ts'

let api: Awaited<ReturnType<typeof connectionsApi>>
let fresh: FreshDatabase
let database: ConnectionConfig
const firstKey = hostKey()
const folder = mkdtempSync(join(tmpdir(), 'sluice-tunnel-'))

beforeAll(async () => {
  api = await connectionsApi()
  fresh = await freshDatabase()
  database = (await api.connections.parseUrl({ url: fresh.url })).config
})

afterAll(async () => {
  await fresh.drop()
  await api[Symbol.asyncDispose]()
})

const through = (tunnel: Partial<TunnelConfig>): ConnectionConfig => ({
  ...database,
  tunnel: { host: '127.0.0.1', user: 'jump', ...tunnel },
})
const attempt = (config: ConnectionConfig, signal?: AbortSignal) =>
  api.connections.test({ name: 'lake', config }, signal ? { signal } : {})
const kindOf = async (config: ConnectionConfig) => (await attempt(config)).diagnosis?.kind

it('leads to the database with a password, and every connection of the pool goes through it', async () => {
  await using ssh = await sshServer({ hostKey: firstKey, user: 'jump', password: 'open sesame' })
  const config = through({ port: ssh.port, password: 'open sesame' })
  expect(await attempt(config)).toMatchObject({ ok: true })
  expect(ssh.forwarded).toContainEqual({ host: database.host, port: database.port })
  await api.connections.save({ name: 'through', config, create: true })
  await using looked = await api.live.open('through', { folder: '/', cwd: '/' })
  await using one = await looked.session()
  await using two = await looked.session()
  await one.execute({ sql: 'create table seen (a int)' })
  expect((await two.execute({ sql: 'select count(*) from seen' })).rows).toEqual([[0n]])
})

it('lets in with a key, by file or text, with a passphrase where it has one', async () => {
  const keys = sshKeys()
  await using ssh = await sshServer({ hostKey: hostKey(), user: 'jump', publicKey: keys.public })
  const path = join(folder, 'key')
  writeFileSync(path, keys.private)
  expect(await attempt(through({ port: ssh.port, key: keys.private }))).toMatchObject({ ok: true })
  expect(await attempt(through({ port: ssh.port, key: path }))).toMatchObject({ ok: true })
  const guarded = sshKeys('a phrase for it')
  await using other = await sshServer({ hostKey: hostKey(), user: 'jump', publicKey: guarded.public })
  const given = (passphrase?: string) =>
    attempt(through({ port: other.port, key: guarded.private, ...(passphrase === undefined ? {} : { passphrase }) }))
  expect(await given('a phrase for it')).toMatchObject({ ok: true })
  for (const phrase of [undefined, 'not this phrase'])
    expect(await given(phrase)).toMatchObject({ diagnosis: { kind: 'tunnel-key', field: 'tunnel.passphrase' } })
})

it('checks the certificate of the database by its own name', async () => {
  await using ssh = await sshServer({ hostKey: hostKey(), user: 'jump', password: 'x1234' })
  await using proxy = await tlsProxy({ host: database.host ?? '', port: database.port ?? 0 })
  const config = through({ port: ssh.port, password: 'x1234' })
  const at = (host: string) => ({
    ...config,
    host,
    port: proxy.port,
    tls: { mode: 'verify' as const, ca: testCertificate },
  })
  expect(await attempt(at('localhost'))).toMatchObject({ ok: true })
  expect(await kindOf({ ...at('localhost'), tls: { mode: 'verify' } })).toBe('tls-untrusted')
})

it('says when nothing listens, nobody knows the host, or nobody answers', async () => {
  expect(await kindOf(through({ port: await freePort(), password: 'x' }))).toBe('tunnel-refused')
  expect(await kindOf(through({ host: 'no-such-host.invalid', password: 'x' }))).toBe('tunnel-host')
})

it('can be stopped while the SSH server says nothing', async () => {
  const reached = Promise.withResolvers<void>()
  const silent = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    reached.resolve()
  })
  const stop = new AbortController()
  const trying = attempt(through({ port: await listen(silent), password: 'x' }), stop.signal)
  await reached.promise
  stop.abort()
  expect(await trying).toMatchObject({ ok: false, error: { code: 'RUN_CANCELLED' } })
  silent.close()
})

it('says when the server does not let us in, or does not lead on', async () => {
  await using ssh = await sshServer({ hostKey: hostKey(), user: 'jump', password: 'right password' })
  const result = await attempt(through({ port: ssh.port, password: 'wrong password' }))
  expect(result.diagnosis).toMatchObject({ kind: 'tunnel-auth', field: 'tunnel.user' })
  expect(JSON.stringify(result)).not.toContain('wrong password')
  expect(await kindOf(through({ port: ssh.port, user: 'other', password: 'right password' }))).toBe('tunnel-auth')
  const port = await freePort()
  expect(await kindOf({ ...through({ port: ssh.port, password: 'right password' }), port })).toBe('tunnel-target')
  await using closed = await sshServer({ hostKey: hostKey(), user: 'jump', password: 'right password', closed: true })
  expect(await kindOf(through({ port: closed.port, password: 'right password' }))).toBe('tunnel-target')
})

it('says when the key cannot be used', async () => {
  await using ssh = await sshServer({ hostKey: hostKey(), user: 'jump', password: 'x' })
  expect(await kindOf(through({ port: ssh.port, key: '/no/such/key' }))).toBe('tunnel-key')
  writeFileSync(join(folder, 'not-a-key'), 'nothing of the kind')
  expect(await kindOf(through({ port: ssh.port, key: join(folder, 'not-a-key') }))).toBe('tunnel-key')
  expect(await kindOf(through({ port: ssh.port, agent: true }))).toBe('tunnel-key')
})

it('remembers the key of the server, and refuses another until it is forgotten', async () => {
  const [before, after] = [hostKey(), hostKey()]
  let port: number
  {
    await using ssh = await sshServer({ hostKey: before, user: 'jump', password: 'word1' })
    port = ssh.port
    expect(await attempt(through({ port, password: 'word1' }))).toMatchObject({ ok: true })
  }
  await using _changed = await sshServer({ hostKey: after, user: 'jump', password: 'word1', port })
  const refused = await attempt(through({ port, password: 'word1' }))
  expect(refused.diagnosis?.kind).toBe('tunnel-host-key')
  expect(refused.error?.message).toMatch(/another key than before: SHA256:\S+ instead of SHA256:\S+\./)
  await api.connections.forgetHostKey({ host: '127.0.0.1', port })
  expect(await attempt(through({ port, password: 'word1' }))).toMatchObject({ ok: true })
  const pinned = through({ port, password: 'word1', hostKey: 'SHA256:somethingelse' })
  expect(await kindOf(pinned)).toBe('tunnel-host-key')
})
