import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ConnectionConfig } from '../../shared/connections.ts'
import { postgres } from '../../src-main/dialects/postgres/index.ts'
import { type FreshDatabase, freshDatabase } from '../helpers/postgres.ts'
import { listen, refusal, testCertificate, tlsProxy } from '../helpers/tls-proxy.ts'

let fresh: FreshDatabase
let config: ConnectionConfig

beforeAll(async () => {
  fresh = await freshDatabase()
  config = postgres.parseUrl(fresh.url)
})
afterAll(() => fresh?.drop())

/** Opens, asks one thing, closes. */
async function ask(given: ConnectionConfig, folder = '/', sql = 'select current_database()') {
  await using db = await postgres.open(given, folder)
  await using session = await db.session()
  return (await session.execute({ sql })).rows[0]?.[0]
}

describe('URLs', () => {
  test.each<[string, ConnectionConfig]>([
    ['postgres://localhost', { dialect: 'postgres', host: 'localhost' }],
    [
      'postgresql://me:p%40ss%2Fw%3Ard@db.example.org:5433/my%20db?sslmode=require',
      {
        dialect: 'postgres',
        user: 'me',
        password: 'p@ss/w:rd',
        host: 'db.example.org',
        port: 5433,
        database: 'my db',
        tls: { mode: 'require' },
      },
    ],
    [
      'postgres://u@[2001:db8::1]:6000/d',
      { dialect: 'postgres', user: 'u', host: '2001:db8::1', port: 6000, database: 'd' },
    ],
    [
      'postgres://u@%2Fvar%2Frun%2Fpostgresql/d',
      { dialect: 'postgres', user: 'u', host: '/var/run/postgresql', database: 'd' },
    ],
    [
      'postgres:///d?host=/tmp&port=5434&user=x',
      { dialect: 'postgres', host: '/tmp', port: 5434, user: 'x', database: 'd' },
    ],
    [
      'postgres://h/d?sslmode=verify-full&sslrootcert=ca.pem&application_name=nightly&readOnly=true',
      {
        dialect: 'postgres',
        host: 'h',
        database: 'd',
        tls: { mode: 'verify', ca: 'ca.pem' },
        driver: { application_name: 'nightly' },
        readOnly: true,
      },
    ],
  ])('%s', (url, expected) => {
    expect(postgres.parseUrl(url)).toEqual(expected)
  })

  test.each([
    'mysql://h/d',
    'postgres://h:port/d',
    'postgres://h:99999/d',
    'postgres://u:%zz@h',
    'postgres://h/d?sslmode=x',
    'postgres://h/d?nope=1',
  ])('refuses %s', (url) => {
    expect(() => postgres.parseUrl(url)).toThrow(expect.objectContaining({ code: 'CONNECTION_INVALID' }))
  })

  test('never repeats a password that it could not read', () => {
    try {
      postgres.parseUrl('postgres://u:s3cret%@h:x/d')
      expect.unreachable()
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain('s3cret')
    }
  })
})

describe('what went wrong is told apart', () => {
  test('a host that nobody knows', async () => {
    await expect(ask({ ...config, host: 'no-such-host.invalid' })).rejects.toMatchObject({
      code: 'CONNECTION_HOST',
      message: expect.stringContaining('no-such-host.invalid'),
    })
  })

  test('a port where nobody listens', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((done) => server.close(done))
    await expect(ask({ ...config, port })).rejects.toMatchObject({ code: 'CONNECTION_REFUSED', retryable: true })
    await expect(ask({ ...config, host: '/no/such/folder' })).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' })
  })

  test('a server that does not answer', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined))
    const port = await listen(server)
    const slow = { ...config, port, driver: { connectionTimeoutMillis: 200 } }
    await expect(ask(slow)).rejects.toMatchObject({ code: 'CONNECTION_TIMEOUT', retryable: true })
    server.close()
  })

  test('a server that hangs up', async () => {
    const server = createServer((socket) => socket.destroy())
    const port = await listen(server)
    await expect(ask({ ...config, port })).rejects.toMatchObject({ code: 'CONNECTION_LOST', retryable: true })
    server.close()
  })

  test('a database that does not exist', async () => {
    await expect(ask({ ...config, database: 'no_such_database' })).rejects.toMatchObject({
      code: 'CONNECTION_DATABASE',
      sqlState: '3D000',
      message: expect.stringContaining('no_such_database'),
    })
  })

  test('a user that does not exist', async () => {
    await expect(ask({ ...config, user: 'no_such_user' })).rejects.toMatchObject({ code: 'CONNECTION_AUTH' })
  })

  test('a wrong password, a missing one, and the right one', async () => {
    await fresh.sql(`drop role if exists with_password`)
    await fresh.sql(`create role with_password login password 'right'`)
    const user = { ...config, user: 'with_password' }
    const wrong = ask({ ...user, password: 'wrong-secret' })
    await expect(wrong).rejects.toMatchObject({ code: 'CONNECTION_AUTH', sqlState: '28P01' })
    await wrong.catch((error) => expect(JSON.stringify(error)).not.toContain('wrong-secret'))
    await expect(ask(user)).rejects.toMatchObject({ code: 'CONNECTION_AUTH' })
    expect(await ask({ ...user, password: 'right' })).toBe(fresh.name)
    await fresh.sql('drop role with_password')
  })

  test('one that fails on this side is not left open at the server', async () => {
    await fresh.sql(`create role with_password login password 'right'`)
    const relay = createServer((near) => {
      const far = connect(Number(config.port), '127.0.0.1')
      near.pipe(far).pipe(near)
      for (const socket of [near, far]) socket.on('error', () => undefined)
    })
    const closed = new Promise<void>((done) => relay.on('connection', (near) => near.on('close', () => done())))
    await expect(ask({ ...config, user: 'with_password', port: await listen(relay) })).rejects.toMatchObject({
      code: 'CONNECTION_AUTH',
    })
    await closed
    relay.close()
    await fresh.sql('drop role with_password')
  })

  test('a server without TLS whose rules let nobody in', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', (first) => (first.length === 8 ? socket.end('N') : socket.end(refusal)))
    })
    const port = await listen(server)
    await expect(ask({ ...config, port })).rejects.toMatchObject({
      code: 'CONNECTION_AUTH',
      hint: expect.stringContaining('pg_hba.conf'),
    })
    server.close()
  })

  test('too many connections of our own wait for the pool, and then say so', async () => {
    await using db = await postgres.open({ ...config, pool: { max: 1, acquireMs: 200 } }, '/')
    await using first = await db.session()
    await expect(db.session()).rejects.toMatchObject({ code: 'CONNECTION_TIMEOUT' })
    expect((await first.execute({ sql: 'select 1 as one' })).rows).toEqual([[1]])
  })

  test('Stop while waiting for the pool', async () => {
    await using db = await postgres.open({ ...config, pool: { max: 1 } }, '/')
    const first = await db.session()
    const stop = new AbortController()
    const waiting = db.session(stop.signal)
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    await first.release()
    await using again = await db.session()
    expect((await again.execute({ sql: 'select 1 as one' })).rows).toEqual([[1]])
  })

  test('a server that was down is reached once it is back', async () => {
    const server = createServer((socket) => socket.destroy())
    const port = await listen(server)
    await using db = await postgres.open({ ...config, port }, '/')
    await expect(db.session()).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    await new Promise((done) => server.close(done))
    await expect(db.session()).rejects.toMatchObject({ code: 'CONNECTION_REFUSED' })
  })
})

test('a socket in a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-socket-'))
  const server = createServer((socket) => {
    const upstream = connect(config.port ?? 5432, config.host)
    socket.on('error', () => upstream.destroy())
    upstream.on('error', () => socket.destroy())
    socket.pipe(upstream).pipe(socket)
  })
  await new Promise<void>((done) => server.listen(join(folder, '.s.PGSQL.6543'), done))
  expect(await ask({ ...config, host: folder, port: 6543 })).toBe(fresh.name)
  server.close()
  await rm(folder, { recursive: true })
})

test('options for the driver and the server pass through', async () => {
  const given: ConnectionConfig = { ...config, driver: { application_name: 'nightly', statement_timeout: 2000 } }
  expect(await ask(given, '/', `select current_setting('application_name')`)).toBe('nightly')
  await expect(ask(given, '/', 'select pg_sleep(60)')).rejects.toMatchObject({ code: 'LIMIT_TIME', sqlState: '57014' })
  expect(await ask(config, '/', `select current_setting('application_name')`)).toBe('sluice')
})

describe('TLS', () => {
  const upstream = () => ({ host: config.host ?? '127.0.0.1', port: config.port ?? 5432 })

  test('require and verify are refused where the server does not encrypt; prefer goes without', async () => {
    for (const mode of ['require', 'verify'] as const)
      await expect(ask({ ...config, tls: { mode } })).rejects.toMatchObject({ code: 'CONNECTION_TLS' })
    for (const mode of ['prefer', 'off'] as const) expect(await ask({ ...config, tls: { mode } })).toBe(fresh.name)
  })

  test('a server that wants encryption gets it, or the error says so', async () => {
    await using proxy = await tlsProxy(upstream())
    const through: ConnectionConfig = { ...config, host: 'localhost', port: proxy.port }
    await expect(ask({ ...through, tls: { mode: 'off' } })).rejects.toMatchObject({ code: 'CONNECTION_TLS' })
    expect(proxy.encrypted).toBe(0)
    for (const mode of ['require', 'prefer'] as const) expect(await ask({ ...through, tls: { mode } })).toBe(fresh.name)
    expect(await ask(through)).toBe(fresh.name)
    expect(proxy.encrypted).toBeGreaterThanOrEqual(3)
  })

  test('verify wants a certificate that it can trust, as a file or as text', async () => {
    await using proxy = await tlsProxy(upstream())
    const through: ConnectionConfig = { ...config, host: 'localhost', port: proxy.port }
    await expect(ask({ ...through, tls: { mode: 'verify' } })).rejects.toMatchObject({ code: 'CONNECTION_TLS' })
    expect(await ask({ ...through, tls: { mode: 'verify', ca: testCertificate } })).toBe(fresh.name)
    const folder = await mkdtemp(join(tmpdir(), 'sluice-tls-'))
    await writeFile(join(folder, 'ca.pem'), testCertificate)
    expect(await ask({ ...through, tls: { mode: 'verify', ca: 'ca.pem' } }, folder)).toBe(fresh.name)
    await expect(ask({ ...through, tls: { mode: 'verify', ca: 'none.pem' } }, folder)).rejects.toMatchObject({
      code: 'CONNECTION_TLS',
      message: expect.stringContaining('none.pem'),
    })
    await rm(folder, { recursive: true })
  })

  test('rows and Stop work over an encrypted connection', async () => {
    await using proxy = await tlsProxy(upstream())
    await using db = await postgres.open(
      { ...config, host: 'localhost', port: proxy.port, tls: { mode: 'require' } },
      '/',
    )
    const stop = new AbortController()
    const session = await db.session(stop.signal)
    let bytes = 0
    for await (const piece of session
      .read({ sql: 'select n from generate_series(1, 100000) n' })
      .bytes({ lists: 'json' }))
      bytes += piece.length
    expect(bytes).toBe(588895)
    const sleeping = session.execute({ sql: 'select pg_sleep(3600)' })
    const ended = expect(sleeping).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    stop.abort()
    await ended
    await session.release()
    const [left] = await fresh.sql(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and query like 'select pg_sleep(3600)%'`,
    )
    expect(left).toEqual({ n: 0 })
  })
})
