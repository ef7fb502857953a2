import { type ConnectionConfig, connectionConfig, workspaceConnection } from '../../shared/connections.ts'
import type { ConnectionInfo } from '../../shared/contract/connections.ts'
import { AppError } from '../../shared/errors.ts'
import type { ConnectionRecord, Store } from '../store/index.ts'
import { exportText, type Imported, parseImport } from './connection-import.ts'
import { type ConnectionSecrets, connectionSecrets, joinSecrets, splitSecrets } from './connection-secrets.ts'
import { expandFields } from './expand.ts'
import type { Environment } from './home.ts'
import { mask, type Redactor } from './redact.ts'
import { anchorFile, type SavedConnections } from './resolve.ts'
import type { Vault } from './vault.ts'

/** The connections saved in the workspace. */
export interface ConnectionService extends SavedConnections {
  list(): Promise<ConnectionInfo[]>
  /** @throws AppError CONNECTION_UNKNOWN */
  show(name: string): Promise<ConnectionInfo>
  /** Saves a new one; `folder` anchors a relative SQLite file. @throws AppError CONNECTION_INVALID when the name is taken or bad */
  add(name: string, config: ConnectionConfig, folder: string): Promise<void>
  /** Replaces the config. A secret that is `••••`, as shown, keeps its value. @throws AppError CONNECTION_UNKNOWN */
  update(name: string, config: ConnectionConfig, folder: string): Promise<void>
  /** @throws AppError CONNECTION_UNKNOWN, CONNECTION_INVALID when the new name is taken or bad */
  rename(name: string, to: string): Promise<void>
  /** The same under another name, with its secrets. @throws AppError as rename */
  duplicate(name: string, to: string): Promise<void>
  /** @throws AppError CONNECTION_UNKNOWN */
  remove(name: string): Promise<void>
  /** A config as it is being edited, with what it keeps of the saved one's secrets, ready to be opened. @throws AppError VAULT_LOCKED */
  complete(name: string, config: ConnectionConfig): Promise<ConnectionConfig>
  /** All of them, or those named, as the text of a connections.json, without secrets. */
  export(names?: readonly string[]): Promise<string>
  /** Saves every connection of such a text that is not there yet. */
  import(text: string, folder: string): Promise<Imported>
}

/** Why a connection cannot be called so. */
function problemOf(name: string): AppError | undefined {
  if (name.toLowerCase() === workspaceConnection) return reservedName()
  return nameRule.test(name) ? undefined : badName(name)
}

/** @throws AppError CONNECTION_INVALID */
function checkName(name: string): void {
  const problem = problemOf(name)
  if (problem) throw problem
}

const nameRule = /^[^=\p{Cc}\s](?:[^=\p{Cc}]{0,98}[^=\p{Cc}\s])?$/u

export function connectionService(
  store: () => Promise<Store>,
  vault: Vault,
  redactor: Redactor,
  env: Environment,
): ConnectionService {
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
      sealed[path] = await vault.seal(secret, secretContext(name, path))
    }
    return sealed
  }
  const open = async (name: string, sealed: ConnectionSecrets): Promise<ConnectionSecrets> => {
    const secrets: ConnectionSecrets = {}
    for (const [path, text] of Object.entries(sealed)) {
      const secret = await vault.open(text, secretContext(name, path)).catch((error: unknown) => {
        throw error instanceof AppError ? error.placed({ connection: name, field: path }) : error
      })
      redactor.add(secret)
      secrets[path] = secret
    }
    return secrets
  }
  const insert = async (name: string, config: ConnectionConfig, folder: string) => {
    checkName(name)
    const split = splitSecrets(anchorFile(config, folder))
    return (await table()).add(name, split.config, stored(await seal(name, split.secrets)))
  }
  const filled = (name: string, config: ConnectionConfig) =>
    connectionConfig.parse(expandFields(JSON.parse(JSON.stringify(config)), env, unset(name)))
  const shown = (record: ConnectionRecord): ConnectionInfo => {
    const sealed = Object.entries(sealedOf(record))
    const masks = Object.fromEntries(sealed.map(([path]) => [path, mask]))
    const { name, createdAt, updatedAt } = record
    const secrets = Object.fromEntries(sealed.map(([path, text]) => [path, vault.readable(text)]))
    return { name, config: joinSecrets(record.config, masks), secrets, createdAt, updatedAt }
  }
  return {
    list: async () => (await (await table()).list()).map(shown),
    names: async () => (await (await table()).list()).map((record) => record.name),
    show: async (name) => shown(await get(name)),
    async open(name) {
      const record = await (await table()).get(name)
      // Secrets are taken as they are, whatever signs they hold.
      return record && joinSecrets(filled(name, record.config), await open(name, sealedOf(record)))
    },
    async complete(name, config) {
      const record = await (await table()).get(name)
      const split = splitSecrets(config)
      const masked = Object.keys(split.secrets).filter((path) => split.secrets[path] === mask)
      const sealed = Object.entries(record ? sealedOf(record) : {}).filter(([path]) => masked.includes(path))
      const fresh = Object.entries(split.secrets).filter(([path]) => !masked.includes(path))
      const kept = await open(name, Object.fromEntries(sealed))
      return joinSecrets(filled(name, split.config), { ...kept, ...Object.fromEntries(fresh) })
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
      checkName(to)
      const record = await get(name)
      // What is sealed belongs to its name, so that nobody can move one connection's password to another.
      const sealed = stored(await seal(to, await open(name, sealedOf(record))))
      if (!(await (await table()).rename(name, to, sealed))) throw taken(to)
    },
    async duplicate(name, to) {
      const record = await get(name)
      const secrets = await open(name, sealedOf(record))
      if (!(await insert(to, joinSecrets(record.config, secrets), ''))) throw taken(to)
    },
    async remove(name) {
      if (!(await (await table()).remove(name))) throw missing(name)
    },
    async export(names) {
      const records = await (await table()).list()
      return exportText(records.filter(({ name }) => names?.includes(name) ?? true))
    },
    async import(text, folder) {
      const result: Imported = { added: [], kept: [], refused: [] }
      for (const { name, config, problem } of await parseImport(text)) {
        if (!config) result.refused.push({ name, problem })
        else if (problemOf(name)) result.refused.push({ name, problem: problemOf(name)?.message ?? '' })
        else ((await insert(name, config, folder)) ? result.added : result.kept).push(name)
      }
      return result
    },
  }
}

/** What a secret of a connection is sealed for. */
export const secretContext = (name: string, path: string) => `connection "${name}" (${path})`

/** Sealed one by one, so that what is secret can be shown and kept without opening it. */
export const stored = (sealed: ConnectionSecrets) => (Object.keys(sealed).length === 0 ? null : JSON.stringify(sealed))
export const sealedOf = (record: ConnectionRecord): ConnectionSecrets =>
  record.secrets === null ? {} : connectionSecrets.parse(JSON.parse(record.secrets))

const unset = (name: string) => (variable: string) => {
  throw new AppError(
    'CONNECTION_INVALID',
    `Connection "${name}" needs the environment variable ${variable}, which is not set.`,
    {
      hint: `Set ${variable} where Sluice is started, or write the value into the connection.`,
      at: { connection: name },
    },
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
    at: { connection: name, field: 'name' },
  })

const reservedName = () =>
  new AppError(
    'CONNECTION_INVALID',
    `${workspaceConnection} stands for all connections at once, so none of them can be called so.`,
    {
      hint: 'Choose another name.',
      at: { field: 'name' },
    },
  )

const badName = (name: string) =>
  new AppError('CONNECTION_INVALID', `"${name}" cannot be the name of a connection.`, {
    hint: 'Use up to 100 characters without "=" and without spaces at the ends.',
    at: { field: 'name' },
  })
