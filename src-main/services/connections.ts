import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { type ConnectionConfig, connectionConfig, type DialectId } from '../../shared/connections.ts'
import { AppError, type ErrorReport, toAppError } from '../../shared/errors.ts'
import { loadDialect } from '../dialects/index.ts'
import type { ConnectionRecord, Store } from '../store/index.ts'
import { parseConnectionUrl } from './connection-file.ts'
import { type ConnectionSecrets, connectionSecrets, joinSecrets, splitSecrets } from './connection-secrets.ts'
import { mask, type Redactor } from './redact.ts'
import { anchorFile, type ResolvedConnection, type SavedConnections } from './resolve.ts'
import type { Vault } from './vault.ts'

/** A saved connection as people may see it: secrets are `••••`. */
export interface ShownConnection {
  name: string
  config: ConnectionConfig
  createdAt: string
  updatedAt: string
}

export interface ConnectionTest {
  ok: boolean
  /** Milliseconds to connect and to answer. */
  ms: number
  /** What the server says it is, e.g. `15.4`. */
  version?: string
  error?: ErrorReport
}

/** The connections saved in the workspace. */
export interface ConnectionService extends SavedConnections {
  list(): Promise<ShownConnection[]>
  /** @throws AppError CONNECTION_UNKNOWN */
  show(name: string): Promise<ShownConnection>
  /** Saves a new one; `folder` anchors a relative SQLite file. @throws AppError CONNECTION_INVALID when the name is taken or bad */
  add(name: string, config: ConnectionConfig, folder: string): Promise<void>
  /** Replaces the config. A secret that is `••••`, as shown, keeps its value. @throws AppError CONNECTION_UNKNOWN */
  update(name: string, config: ConnectionConfig, folder: string): Promise<void>
  /** @throws AppError CONNECTION_UNKNOWN, CONNECTION_INVALID when the new name is taken or bad */
  rename(name: string, to: string): Promise<void>
  /** @throws AppError CONNECTION_UNKNOWN */
  remove(name: string): Promise<void>
  /** All of them as the text of a connections.json, without secrets. */
  export(): Promise<string>
  /** Saves every connection of such a text that is not there yet; returns what was added and what was there. */
  import(text: string, folder: string): Promise<{ added: string[]; kept: string[] }>
}

const nameRule = /^[^=\p{Cc}\s](?:[^=\p{Cc}]{0,98}[^=\p{Cc}\s])?$/u

export function connectionService(store: () => Promise<Store>, vault: Vault, redactor: Redactor): ConnectionService {
  const table = async () => (await store()).connections
  const get = async (name: string): Promise<ConnectionRecord> => {
    const record = await (await table()).get(name)
    if (record) return record
    throw missing(name)
  }
  const seal = async (name: string, secrets: ConnectionSecrets): Promise<ConnectionSecrets> => {
    const sealed: ConnectionSecrets = {}
    for (const [path, secret] of Object.entries(secrets)) {
      redactor.add(secret)
      sealed[path] = await vault.seal(secret, context(name, path))
    }
    return sealed
  }
  const open = async (name: string, sealed: ConnectionSecrets): Promise<ConnectionSecrets> => {
    const secrets: ConnectionSecrets = {}
    for (const [path, text] of Object.entries(sealed)) {
      const secret = await vault.open(text, context(name, path))
      redactor.add(secret)
      secrets[path] = secret
    }
    return secrets
  }
  const insert = async (name: string, config: ConnectionConfig, folder: string) => {
    if (!nameRule.test(name)) throw badName(name)
    const split = splitSecrets(anchorFile(config, folder))
    return (await table()).add(name, split.config, stored(await seal(name, split.secrets)))
  }
  return {
    list: async () => (await (await table()).list()).map(shown),
    names: async () => (await (await table()).list()).map((record) => record.name),
    show: async (name) => shown(await get(name)),
    async open(name) {
      const record = await (await table()).get(name)
      return record && joinSecrets(record.config, await open(name, sealedOf(record)))
    },
    async add(name, config, folder) {
      if (!(await insert(name, config, folder))) throw taken(name)
    },
    async update(name, config, folder) {
      const before = sealedOf(await get(name))
      const split = splitSecrets(anchorFile(config, folder))
      const given = Object.entries(split.secrets)
      const fresh = await seal(name, Object.fromEntries(given.filter(([, secret]) => secret !== mask)))
      const kept = given.flatMap(([path, secret]) => (secret === mask && before[path] ? [[path, before[path]]] : []))
      const sealed = { ...Object.fromEntries(kept), ...fresh }
      if (!(await (await table()).update(name, split.config, stored(sealed)))) throw missing(name)
    },
    async rename(name, to) {
      if (!nameRule.test(to)) throw badName(to)
      const record = await get(name)
      // What is sealed belongs to its name, so that nobody can move one connection's password to another.
      const sealed = stored(await seal(to, await open(name, sealedOf(record))))
      if (!(await (await table()).rename(name, to, sealed))) throw taken(to)
    },
    async remove(name) {
      if (!(await (await table()).remove(name))) throw missing(name)
    },
    async export() {
      const records = await (await table()).list()
      return `${JSON.stringify(Object.fromEntries(records.map(({ name, config }) => [name, config])), null, 2)}\n`
    },
    async import(text, folder) {
      const result: { added: string[]; kept: string[] } = { added: [], kept: [] }
      for (const [name, config] of await parseImport(text)) {
        const added = await insert(name, config, folder)
        ;(added ? result.added : result.kept).push(name)
      }
      return result
    },
  }
}

/** The statement that asks a server for its version. */
const versionQueries: Record<DialectId, string> = {
  sqlite: 'select sqlite_version()',
  postgres: 'show server_version',
  mysql: 'select version()',
}

/** Opens a connection, asks `select 1` and the version, and closes it. Failures are part of the answer, not thrown. */
export async function testConnection(
  { name, config, folder }: ResolvedConnection,
  redactor: Redactor,
  signal?: AbortSignal,
): Promise<ConnectionTest> {
  for (const secret of Object.values(splitSecrets(config).secrets)) redactor.add(secret)
  const started = performance.now()
  const ms = () => Math.round(performance.now() - started)
  try {
    const dialect = await loadDialect(config.dialect)
    requireFile(config, folder)
    await using database = await dialect.open(config, folder)
    await using session = await database.session(signal)
    await session.execute({ sql: 'select 1' })
    const took = ms()
    const { rows } = await session.execute({ sql: versionQueries[config.dialect] })
    return { ok: true, ms: took, version: String(rows[0]?.[0] ?? '') }
  } catch (error) {
    const report = toAppError(error).placed({ connection: name }).toJSON()
    return { ok: false, ms: ms(), error: redactor.redact(report) }
  }
}

/** Opening would create the file, and a mistyped path would pass. @throws AppError CONNECTION_FILE */
function requireFile({ dialect, file }: ConnectionConfig, folder: string): void {
  if (dialect !== 'sqlite' || !file || file === ':memory:' || existsSync(resolve(folder, file))) return
  throw new AppError('CONNECTION_FILE', `There is no SQLite database at ${resolve(folder, file)}.`, {
    hint: 'Correct the path of the connection. A load into it creates the file, where that is meant.',
  })
}

const context = (name: string, path: string) => `connection "${name}" (${path})`

/** Sealed one by one, so that what is secret can be shown and kept without opening it. */
const stored = (sealed: ConnectionSecrets) => (Object.keys(sealed).length === 0 ? null : JSON.stringify(sealed))
const sealedOf = (record: ConnectionRecord): ConnectionSecrets =>
  record.secrets === null ? {} : connectionSecrets.parse(JSON.parse(record.secrets))

function shown(record: ConnectionRecord): ShownConnection {
  const masks = Object.fromEntries(Object.keys(sealedOf(record)).map((path) => [path, mask]))
  const { name, createdAt, updatedAt } = record
  return { name, config: joinSecrets(record.config, masks), createdAt, updatedAt }
}

async function parseImport(text: string): Promise<[string, ConnectionConfig][]> {
  const invalid = (problem: string) =>
    new AppError('CONNECTION_INVALID', `What is to be imported ${problem}.`, {
      hint: 'It maps names to connections, as an export writes it.',
    })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid('is not valid JSON')
  }
  const entries = z.record(z.string(), z.union([z.string(), connectionConfig])).safeParse(parsed)
  if (!entries.success)
    throw invalid(`has no valid connection at ${entries.error.issues[0]?.path.join('.') || 'the top'}`)
  return Promise.all(
    Object.entries(entries.data).map(async ([name, value]): Promise<[string, ConnectionConfig]> => {
      if (!nameRule.test(name)) throw badName(name)
      return [name, typeof value === 'string' ? await parseConnectionUrl(value) : value]
    }),
  )
}

const missing = (name: string) =>
  new AppError('CONNECTION_UNKNOWN', `There is no connection "${name}" in the workspace.`, {
    hint: 'List them with: sluice connections list',
    at: { connection: name },
  })

const taken = (name: string) =>
  new AppError('CONNECTION_INVALID', `There is a connection "${name}" already.`, {
    hint: 'Choose another name, or remove that one first.',
    at: { connection: name },
  })

const badName = (name: string) =>
  new AppError('CONNECTION_INVALID', `"${name}" cannot be the name of a connection.`, {
    hint: 'Use up to 100 characters without "=" and without spaces at the ends.',
  })
