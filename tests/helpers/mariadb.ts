import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { inject } from 'vitest'
import { type Account, answering, freePort, keepServer, ordinaryAccount, stopServer } from './private-server.ts'
import { testCertificate, testKey } from './tls-proxy.ts'

const run = promisify(execFile)

export interface TestMariaDb {
  /** The server as its superuser, without a database. */
  adminUrl: string
  version: string
}

export type MariaDbProvision = TestMariaDb | { missing: string }
type Running = TestMariaDb & { stop(): Promise<void> }

/** In what a server differs from the one that all tests share. */
export interface ServerOptions {
  /** Whether it takes LOAD DATA LOCAL. */
  localInfile: boolean
  /** Whether it offers TLS, with the test certificate. */
  tls: boolean
}

/**
 * A MariaDB server for the tests: the one named by SLUICE_TEST_MARIADB (a superuser's URL), else one started from an installed server. It
 * stops when `stop` is called or this process ends.
 */
export async function provisionMariaDb(
  options: ServerOptions = { localInfile: true, tls: true },
): Promise<Running | { missing: string }> {
  const given = process.env.SLUICE_TEST_MARIADB
  if (given) return { ...(await inspect(given)), stop: async () => {} }
  return ownServer(options)
}

/** A server that may be set, frozen and killed as a test likes, since no other uses it; one that is killed starts anew. */
export async function privateMariaDb(): Promise<Running & { pid(): Promise<number> }> {
  const server = await ownServer({ localInfile: true, tls: true })
  if ('missing' in server) throw new Error(server.missing)
  const [row] = await mariadbQuery(server.adminUrl, 'select @@pid_file as path')
  return { ...server, pid: async () => Number(await readFile(String(row?.path), 'utf8')) }
}

async function ownServer(options: ServerOptions): Promise<Running | { missing: string }> {
  const [server, installer] = [find('mariadbd'), find('mariadb-install-db')]
  if (!server || !installer)
    return { missing: 'No MariaDB server for the tests (no mariadbd is installed). Set SLUICE_TEST_MARIADB to a URL.' }
  try {
    return await startServer(server, installer, options)
  } catch (error) {
    return { missing: `No MariaDB server for the tests (${error instanceof Error ? error.message : String(error)}).` }
  }
}

/** Servers are often installed where only root looks for programs. */
function find(name: string): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(':'),
    '/usr/sbin',
    '/usr/bin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

async function inspect(adminUrl: string): Promise<TestMariaDb> {
  const [row] = await mariadbQuery(adminUrl, 'select version() as version')
  return { adminUrl, version: String(row?.version) }
}

async function startServer(server: string, installer: string, options: ServerOptions): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-mariadb-'))
  try {
    const account = await ordinaryAccount()
    if (account) await chown(folder, account.uid, account.gid)
    const data = join(folder, 'data')
    const install = ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db']
    await run(installer, [...install, ...(account ? ['--user=nobody'] : [])], { cwd: folder, ...account })
    const port = await freePort()
    const args = await serverArguments(folder, data, port, account, options)
    const keeper = keepServer(folder, account, 'SIGKILL', server, args)
    const adminUrl = `mysql://root@127.0.0.1:${port}/`
    await answering(keeper, () => mariadbQuery(adminUrl, 'select 1'))
    return { ...(await inspect(adminUrl)), stop: () => stopServer(keeper) }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** `with_password` must give one; `needs_tls` must come encrypted. */
const accounts = `create user with_password@'%' identified by 'right';
grant all on *.* to with_password@'%';
create user needs_tls@'%' require ssl;
grant all on *.* to needs_tls@'%';
create user may_read@'%';
grant select on *.* to may_read@'%';
`

async function serverArguments(
  folder: string,
  data: string,
  port: number,
  account: Account | undefined,
  { localInfile, tls }: ServerOptions,
): Promise<string[]> {
  const file = async (name: string, content: string) => {
    const path = join(folder, name)
    await writeFile(path, content, { mode: 0o600 })
    if (account) await chown(path, account.uid, account.gid)
    return path
  }
  const settings = {
    datadir: data,
    port: String(port),
    'bind-address': '127.0.0.1',
    socket: join(folder, 'socket'),
    'pid-file': join(folder, 'pid'),
    'init-file': await file('accounts.sql', accounts),
    'local-infile': localInfile ? '1' : '0',
    'max-connections': '200',
    'innodb-flush-log-at-trx-commit': '0',
    'innodb-doublewrite': '0',
    ...(tls ? { 'ssl-cert': await file('cert.pem', testCertificate), 'ssl-key': await file('key.pem', testKey) } : {}),
  }
  return [
    '--no-defaults',
    '--skip-name-resolve',
    '--skip-log-bin',
    ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
  ]
}

/** One statement by a plain driver connection of its own, apart from what is being tested; numbers and times as text. */
export async function mariadbQuery(
  url: string,
  sql: string,
  values: unknown[] = [],
): Promise<Record<string, unknown>[]> {
  const connection = await createConnection({ uri: url, dateStrings: true, supportBigNumbers: true })
  try {
    const [rows] = await connection.query(sql, values)
    return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : []
  } finally {
    await connection.end()
  }
}

/** The server of this test run. Throws one clear line when there is none: such tests fail, they are not skipped. */
export function testMariaDb(): TestMariaDb {
  const provision = inject('mariadb')
  if ('missing' in provision) throw new Error(provision.missing)
  return provision
}

export interface FreshMariaDb extends AsyncDisposable {
  url: string
  name: string
  /** Runs SQL apart from the code under test, in this database. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** How many statements that hold the text run in this database now, that question left out. */
  running(text?: string): Promise<number>
  drop(): Promise<void>
}

/** An empty database of its own, for one test file. */
export async function freshMariaDb({ adminUrl } = testMariaDb()): Promise<FreshMariaDb> {
  const name = `sluice_${randomBytes(6).toString('hex')}`
  await mariadbQuery(adminUrl, `create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const drop = async () => {
    await mariadbQuery(adminUrl, `drop database if exists ${name}`)
  }
  return {
    url: url.href,
    name,
    sql: (text, values) => mariadbQuery(url.href, text, values),
    running: async (text = '') => {
      const [row] = await mariadbQuery(
        url.href,
        "select count(*) as n from information_schema.processlist where db = database() and command = 'Query' and info like ? and id <> connection_id()",
        [`%${text}%`],
      )
      return Number(row?.n)
    },
    drop,
    [Symbol.asyncDispose]: drop,
  }
}
