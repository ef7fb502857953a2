import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import type { ConnectionConfig } from '../../shared/connections.ts'
import { dialectOfUrl } from '../../src-main/dialects/index.ts'
import { mysql } from '../../src-main/dialects/mysql/index.ts'
import { MySession } from '../../src-main/dialects/mysql/session.ts'
import { type FreshMariaDb, freshMariaDb } from '../helpers/mariadb.ts'
import { listen, testCertificate } from '../helpers/tls-proxy.ts'
import { failure, query } from './dialects/subject.ts'

let mariadb: FreshMariaDb
beforeAll(async () => {
  mariadb = await freshMariaDb()
})
afterAll(() => mariadb.drop())

const config = (more: Partial<ConnectionConfig> = {}): ConnectionConfig => ({ ...mysql.parseUrl(mariadb.url), ...more })

async function ask(given: ConnectionConfig, sql: string) {
  await using database = await mysql.open(given, '/')
  return (await query(database, sql)).rows
}
const cipher = async (given: ConnectionConfig) =>
  (
    await ask(
      given,
      "select variable_value as v from information_schema.session_status where variable_name = 'ssl_cipher'",
    )
  )[0]?.[0]

describe('URLs', () => {
  it.each(['mysql', 'mariadb'])('of %s name the server, the user and the database', (scheme) => {
    const url = `${scheme}://et%40l:p%3Aw@db.example.com:3307/my%20shop?ssl-mode=verify_identity&ssl-ca=/ca.pem&readOnly`
    expect(dialectOfUrl(url)).toBe('mysql')
    expect(mysql.parseUrl(url)).toEqual({
      dialect: 'mysql',
      host: 'db.example.com',
      port: 3307,
      user: 'et@l',
      password: 'p:w',
      database: 'my shop',
      tls: { mode: 'verify', ca: '/ca.pem' },
      readOnly: true,
    })
  })

  test.each(['mysql:db', 'mysql://h:99999/d', 'mysql://u:secret@h/d?what=1', 'mysql://h/d?ssl-mode=maybe'])(
    '%s is refused, unshown',
    async (url) => {
      const error = await failure(Promise.resolve().then(() => mysql.parseUrl(url)))
      expect(error).toMatchObject({ code: 'CONNECTION_INVALID' })
      expect(String(error)).not.toContain('secret')
    },
  )
})

describe('what went wrong while connecting', () => {
  test.each([
    ['unknown host', { host: 'no-such-host.invalid' }, 'CONNECTION_HOST'],
    ['nobody listening', { port: 1 }, 'CONNECTION_REFUSED'],
    ['unknown database', { database: 'no_such_database' }, 'CONNECTION_DATABASE'],
    ['wrong password', { user: 'with_password', password: 'wrong' }, 'CONNECTION_AUTH'],
    ['no password', { user: 'with_password' }, 'CONNECTION_AUTH'],
    ['unknown user', { user: 'nobody_knows' }, 'CONNECTION_AUTH'],
    ['a user who must come encrypted', { user: 'needs_tls', tls: { mode: 'off' as const } }, 'CONNECTION_AUTH'],
    [
      'a certificate that nobody vouches for',
      { host: 'localhost', tls: { mode: 'verify' as const } },
      'CONNECTION_TLS',
    ],
    ['an address where a name is checked', { tls: { mode: 'verify' as const, ca: testCertificate } }, 'CONNECTION_TLS'],
    ['a missing CA file', { tls: { mode: 'verify' as const, ca: '/no/such.pem' } }, 'CONNECTION_TLS'],
  ])('%s', async (_, more, code) => {
    expect(await failure(ask(config(more), 'select 1 as one'))).toMatchObject({ code, hint: expect.any(String) })
  })

  it('a server that never answers', async () => {
    const silent = createServer(() => undefined)
    const port = await listen(silent)
    try {
      const given = config({ port, driver: { connectTimeout: 200 } })
      expect(await failure(ask(given, 'select 1 as one'))).toMatchObject({
        code: 'CONNECTION_TIMEOUT',
        retryable: true,
      })
    } finally {
      silent.close()
    }
  })

  it('something else that listens there', async () => {
    const other = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const port = await listen(other)
    try {
      expect(await failure(ask(config({ port }), 'select 1 as one'))).toMatchObject({
        code: expect.stringMatching(/^CONNECTION_/),
      })
    } finally {
      other.close()
    }
  })
})

it('no option of the driver lets two statements through', async () => {
  const driver = { multipleStatements: true, flags: 'MULTI_STATEMENTS' }
  await using database = await mysql.open(config({ driver }), '/')
  await using session = await database.session()
  if (!(session instanceof MySession)) throw new Error('Not a session of MySQL.')
  expect(await failure(session.script('select 1; select 2'))).toMatchObject({ code: 'QUERY_SYNTAX' })
})

describe('TLS', () => {
  it('is used where it is asked for, and checked against the CA', async () => {
    expect(await cipher(config({ tls: { mode: 'off' } }))).toBe('')
    expect(await cipher(config({ tls: { mode: 'require' } }))).not.toBe('')
    expect(await cipher(config({ host: 'localhost', tls: { mode: 'verify', ca: testCertificate } }))).not.toBe('')
  })

  it('is used when the user must', async () => {
    expect(await cipher(config({ user: 'needs_tls' }))).not.toBe('')
  })

  it('carries cancels too', async () => {
    const stop = new AbortController()
    await using database = await mysql.open(config({ tls: { mode: 'require' } }), '/')
    await using session = await database.session(stop.signal)
    const running = failure(session.execute({ sql: 'select sleep(600) as s' }))
    const busy = async () =>
      (
        await mariadb.sql(
          "select 1 from information_schema.processlist where db = database() and info like 'select sleep(600)%'",
        )
      ).length > 0
    while (!(await busy())) await new Promise((resolve) => setImmediate(resolve))
    stop.abort()
    expect(await running).toMatchObject({ code: 'RUN_CANCELLED' })
    expect(await busy()).toBe(false)
  })
})

describe('errors of statements', () => {
  test.each([
    ['select id form where', 'QUERY_SYNTAX'],
    ['select * from nowhere', 'QUERY_MISSING'],
    ['select nothing_such() as x', 'QUERY_MISSING'],
    ['select 9223372036854775807 + 1 as x', 'DATA_RANGE'],
    ['insert into missing_schema.t values (1)', 'QUERY_MISSING'],
  ])('%s', async (sql, code) => {
    await using database = await mysql.open(config(), '/')
    await using session = await database.session()
    expect(await failure(session.execute({ sql }))).toMatchObject({ code })
  })

  it('point at the place in the text as it was written, placeholders and lines included', async () => {
    await using database = await mysql.open(config(), '/')
    const params = { since: { type: { kind: 'text' as const }, value: 'x' } }
    const sql = 'select :since as a,\n  1 as b\n  wher c'
    expect(await failure(database.describe({ sql, params }))).toMatchObject({
      code: 'QUERY_SYNTAX',
      at: { position: sql.indexOf('wher') },
    })
    const unknown = 'select :since as a, nme from information_schema.tables'
    expect(await failure(database.describe({ sql: unknown, params }))).toMatchObject({
      code: 'QUERY_MISSING',
      at: { position: unknown.indexOf('nme') },
    })
  })

  it('a missing right, a deadlock and a lock that is waited for in vain', async () => {
    await mariadb.sql('create table locked (id int primary key, v int)')
    await mariadb.sql('insert into locked values (1, 1), (2, 2)')
    await using reader = await mysql.open(config({ user: 'may_read' }), '/')
    await using weak = await reader.session()
    expect(await failure(weak.execute({ sql: 'delete from locked' }))).toMatchObject({ code: 'QUERY_DENIED' })
    await using database = await mysql.open(config(), '/')
    await using one = await database.session()
    await using two = await database.session()
    await one.begin()
    await two.begin()
    await two.execute({ sql: 'set innodb_lock_wait_timeout = 1' })
    await one.execute({ sql: 'update locked set v = 9 where id = 1' })
    expect(await failure(two.execute({ sql: 'update locked set v = 8 where id = 1' }))).toMatchObject({
      code: 'QUERY_CONFLICT',
      retryable: true,
    })
    await two.execute({ sql: 'update locked set v = 8 where id = 2' })
    const waiting = failure(one.execute({ sql: 'update locked set v = 9 where id = 2' }))
    const circle = failure(two.execute({ sql: 'update locked set v = 8 where id = 1' }))
    const victim = await Promise.any([waiting.then(() => one), circle.then(() => two)])
    expect(await (victim === one ? waiting : circle)).toMatchObject({ code: 'QUERY_CONFLICT', retryable: true })
    // The server has undone all of it: what follows may not stand for itself.
    expect(await failure(victim.execute({ sql: 'insert into locked values (3, 3)' }))).toMatchObject({
      code: 'QUERY_FAILED',
    })
    expect(await failure(victim.commit())).toMatchObject({ code: 'QUERY_FAILED' })
    await victim.execute({ sql: 'insert into locked values (4, 4)' })
    expect(await mariadb.sql('select id from locked where id > 2')).toEqual([{ id: 4 }])
    await Promise.all([one, two].map((session) => session.release()))
  })
})
