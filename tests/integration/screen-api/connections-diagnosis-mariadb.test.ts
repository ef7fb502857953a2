import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { connectionsApi } from '../../helpers/connections-api.ts'
import { type FreshMariaDb, freshMariaDb, mariadbQuery, privateMariaDb } from '../../helpers/mariadb.ts'
import { freePort } from '../../helpers/private-server.ts'
import { hostKey, sshServer } from '../../helpers/ssh-server.ts'
import { listen, testCertificate } from '../../helpers/tls-proxy.ts'

let api: Awaited<ReturnType<typeof connectionsApi>>
let fresh: FreshMariaDb
let server: ConnectionConfig

beforeAll(async () => {
  api = await connectionsApi()
  fresh = await freshMariaDb()
  server = (await api.connections.parseUrl({ url: fresh.url })).config
})
afterAll(async () => {
  await fresh.drop()
  await api[Symbol.asyncDispose]()
})

const attempt = (config: ConnectionConfig) => api.connections.test({ name: 'lake', config })
const diagnosisOf = async (more: Partial<ConnectionConfig>) => {
  const { ok, error, diagnosis } = await attempt({ ...server, ...more })
  expect(ok).toBe(false)
  expect(error?.message).toBeTruthy()
  expect(diagnosis?.steps.length).toBeGreaterThan(0)
  return diagnosis
}

it('that works tells its version', async () => {
  expect(await attempt(server)).toMatchObject({ ok: true, version: expect.stringMatching(/^\d+\.\d+/) })
})

it.each<[string, Partial<ConnectionConfig>, object]>([
  ['a host that nobody knows', { host: 'no-such-host.invalid' }, { kind: 'host-unknown', field: 'host' }],
  ['a database that does not exist', { database: 'no_such_db' }, { kind: 'database-missing', field: 'database' }],
  ['a wrong password', { user: 'with_password', password: 'wrong' }, { kind: 'wrong-password', field: 'password' }],
  ['no password', { user: 'with_password' }, { kind: 'password-missing', field: 'password' }],
  // The server does not tell an unknown user from a wrong password, which the advice says.
  ['an unknown user', { user: 'nobody_here', password: 'x' }, { kind: 'wrong-password', field: 'password' }],
  [
    'a certificate that nobody vouches for',
    { host: 'localhost', tls: { mode: 'verify' } },
    { kind: 'tls-untrusted', field: 'tls.ca' },
  ],
  ['a missing CA file', { tls: { mode: 'verify', ca: '/no/such/ca.pem' } }, { kind: 'tls-files' }],
])('says what is wrong: %s', async (_name, more, expected) => {
  expect(await diagnosisOf(more)).toMatchObject(expected)
})

it('says that nothing listens, that nobody answers, and that something else does', async () => {
  expect(await diagnosisOf({ port: await freePort() })).toMatchObject({ kind: 'refused', field: 'port' })
  const silent = createServer((socket) => socket.on('error', () => socket.destroy()))
  const rude = createServer((socket) => void socket.on('error', () => socket.destroy()).end('SSH-2.0-x\r\n'))
  try {
    const port = await listen(silent)
    expect(await diagnosisOf({ port, driver: { connectTimeout: 300 } })).toMatchObject({ kind: 'timeout' })
    expect(await diagnosisOf({ port: await listen(rude), tls: { mode: 'off' } })).toMatchObject({ field: 'port' })
  } finally {
    silent.close()
    rude.close()
  }
})

it('the CA mends a certificate that is not trusted', async () => {
  const config = { ...server, host: 'localhost', tls: { mode: 'verify' as const, ca: testCertificate } }
  expect(await attempt(config)).toMatchObject({ ok: true })
})

it('says that a server, or a user, must come encrypted, and what to set', async () => {
  const required = { kind: 'tls-required', change: { field: 'tls.mode', value: 'require' } }
  const strict = await privateMariaDb()
  try {
    await mariadbQuery(strict.adminUrl, 'set global require_secure_transport = on')
    const config = { ...(await api.connections.parseUrl({ url: strict.adminUrl })).config, database: 'mysql' }
    expect(await diagnosisOf({ ...config, tls: { mode: 'off' } })).toMatchObject(required)
    expect(await attempt({ ...config, tls: { mode: 'require' } })).toMatchObject({ ok: true })
    expect(await attempt({ ...config, tls: { mode: 'prefer' } })).toMatchObject({ ok: true })
    const nowhere = { ...config, database: 'no_such_db' }
    expect(await diagnosisOf({ ...nowhere, tls: { mode: 'off' } })).toMatchObject(required)
    const wrong = { ...config, user: 'with_password', password: 'wrong' }
    expect(await diagnosisOf({ ...wrong, tls: { mode: 'off' } })).toMatchObject({ kind: 'wrong-password' })
  } finally {
    await strict.stop()
  }
  expect(await diagnosisOf({ user: 'needs_tls', tls: { mode: 'off' } })).toMatchObject(required)
})

it('says when a user may not into the database, or holds all the connections it may have', async () => {
  const user = `u_${fresh.name.slice(-8)}`
  await fresh.sql(`create user ${user}@'%'`)
  expect(await diagnosisOf({ user })).toMatchObject({ kind: 'not-allowed', field: 'user' })
  await fresh.sql(`grant all on ${fresh.name}.* to ${user}@'%' with max_user_connections 1`)
  const config = { ...server, user }
  await api.connections.save({ name: 'narrow', config, create: true })
  await using held = await api.live.open('narrow', { folder: '/', cwd: '/' })
  await using _session = await held.session()
  expect(await diagnosisOf({ user })).toMatchObject({ kind: 'no-room' })
  await fresh.sql(`drop user ${user}@'%'`)
})

it('is reached through SSH, which says where it ends', async () => {
  await using ssh = await sshServer({ hostKey: hostKey(), user: 'jump', password: 'right password' })
  const tunnel = { host: '127.0.0.1', port: ssh.port, user: 'jump', password: 'right password' }
  expect(await attempt({ ...server, tunnel })).toMatchObject({ ok: true })
  expect(ssh.forwarded).toContainEqual({ host: server.host, port: server.port })
  expect(await diagnosisOf({ tunnel, database: 'no_such_db' })).toMatchObject({ kind: 'database-missing' })
  expect(await diagnosisOf({ tunnel, port: await freePort() })).toMatchObject({ kind: 'tunnel-target' })
  expect(await diagnosisOf({ tunnel: { ...tunnel, password: 'wrong' } })).toMatchObject({ kind: 'tunnel-auth' })
  expect(await diagnosisOf({ tunnel: { ...tunnel, port: await freePort() } })).toMatchObject({ kind: 'tunnel-refused' })
})
