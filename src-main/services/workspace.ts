import type { WorkspaceChange } from '../../shared/contract/app.ts'
import type { ConnectionTest } from '../../shared/contract/connections.ts'
import type { Database } from '../dialects/dialect.ts'
import type { JsonValue, QueryRepository } from '../store/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { Channel } from './channel.ts'
import { splitSecrets } from './connection-secrets.ts'
import { type ConnectionService, connectionService } from './connections.ts'
import { type Environment, workspaceHome } from './home.ts'
import { openDatabase } from './open-database.ts'
import { createRecorder, type Recorder, type RunStart } from './recorder.ts'
import { createRedactor, type Redactor } from './redact.ts'
import { knownConnections, type ResolvedConnection, resolveConnection } from './resolve.ts'
import { type RunService, runService } from './runs.ts'
import { type SecretService, secretService } from './secrets.ts'
import { testConnection } from './test-connection.ts'
import { type HostKeys, hostKeys } from './tunnel-host-key.ts'
import { openVault } from './vault.ts'
import { type VaultService, vaultService } from './vault-service.ts'
import { readVaultSetting } from './vault-setting.ts'

/** Settings by key; values are JSON. */
export interface SettingService {
  get(key: string): Promise<JsonValue | undefined>
  all(): Promise<Record<string, JsonValue>>
  set(key: string, value: JsonValue): Promise<void>
  remove(key: string): Promise<boolean>
}

/** Everything a user keeps between runs. Opening it costs nothing: the database is opened when first asked. */
export interface Workspace extends AsyncDisposable {
  readonly home: string
  readonly env: Environment
  readonly vault: VaultService
  readonly connections: ConnectionService
  /** Finds a connection wherever it is defined; see resolveConnection. @throws AppError CONNECTION_*, VAULT_LOCKED */
  resolve(name: string, where: Where): Promise<ResolvedConnection>
  /** Names that `resolve` would find. */
  known(where: Where): Promise<string[]>
  /** Opens what was resolved, through its tunnel where it has one. @throws AppError CONNECTION_*, RUN_CANCELLED */
  open(found: Pick<ResolvedConnection, 'config' | 'folder'>, signal?: AbortSignal): Promise<Database>
  /** Finds a connection and tries it. Failures to connect are part of the answer. @throws AppError CONNECTION_UNKNOWN */
  test(name: string, where: Where, signal?: AbortSignal): Promise<ConnectionTest>
  /** Tries a connection that is not looked up. */
  attempt(found: Pick<ResolvedConnection, 'name' | 'config' | 'folder'>, signal?: AbortSignal): Promise<ConnectionTest>
  /** The SSH servers that tunnels have met. */
  readonly hostKeys: HostKeys
  readonly secrets: SecretService
  readonly settings: SettingService
  readonly runs: RunService
  /** What was run in the query workbench. */
  readonly queries: QueryRepository
  /** What pages change of it, for the other pages. */
  readonly changes: Channel<WorkspaceChange>
  /** Knows every secret that was resolved or saved; whatever leaves the process goes through it. */
  readonly redactor: Redactor
  /** Starts a run's history. Flush it before closing the workspace. */
  recorder(run: RunStart): Recorder
  close(): Promise<void>
}

/** What a connection's name is looked up against, before the workspace itself. */
export interface Where {
  /** From `--connection NAME=URL`. */
  overrides?: Readonly<Record<string, string>>
  /** The folder of the pipeline file; the current folder where there is none. */
  folder: string
  /** The current folder. */
  cwd: string
}

export interface WorkspaceOptions {
  env: Environment
  /** Instead of what the environment says (see workspaceHome). */
  home?: string
  /** Opens the vault, where the system guards it: 32 bytes in base64. */
  systemKey?: string | undefined
}

export function openWorkspace({ env, home = workspaceHome(env), systemKey }: WorkspaceOptions): Workspace {
  let opened: Promise<Store> | undefined
  let closed = false
  const store = async () => {
    if (closed) throw new Error('the workspace is closed')
    opened ??= openStore({ home, url: env.SLUICE_STORE || undefined }).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }
  const redactor = createRedactor()
  const vault = openVault(home, env, systemKey, async () => readVaultSetting(await store()))
  const settings = async () => (await store()).settings
  const close = async () => {
    closed = true
    const closing = opened
    opened = undefined
    await (await closing?.catch(() => undefined))?.close()
  }
  const kept: SettingService = {
    get: async (key) => (await settings()).get(key),
    all: async () => (await settings()).all(),
    set: async (key, value) => (await settings()).set(key, value),
    remove: async (key) => (await settings()).remove(key),
  }
  const connections = connectionService(store, vault, redactor, env)
  const servers = hostKeys(kept)
  const around = (folder: string, signal: AbortSignal | undefined) => ({
    folder,
    signal,
    env,
    hostKeys: servers,
    redactor,
  })
  const attempt: Workspace['attempt'] = (found, signal) => testConnection(found, around(found.folder, signal))
  const resolve = async (name: string, where: Where) => {
    const resolved = await resolveConnection(name, { ...where, env, workspace: connections })
    for (const secret of Object.values(splitSecrets(resolved.config).secrets)) redactor.add(secret)
    return resolved
  }
  return {
    home,
    env,
    vault: vaultService(vault, store, home, redactor),
    redactor,
    connections,
    resolve,
    known: async (where) => (await knownConnections({ ...where, env, workspace: connections })).names,
    test: async (name, where, signal) => attempt(await resolve(name, where), signal),
    attempt,
    hostKeys: servers,
    open: (found, signal) => openDatabase(found.config, around(found.folder, signal)),
    secrets: secretService(store, vault, redactor, env),
    settings: kept,
    runs: runService(store, home),
    queries: {
      add: async (entry) => (await store()).queries.add(entry),
      list: async (filter) => (await store()).queries.list(filter),
      renameConnection: async (name, to) => (await store()).queries.renameConnection(name, to),
      remove: async (ids) => (await store()).queries.remove(ids),
    },
    changes: new Channel(),
    recorder: (run) => createRecorder(run, store, { redact: redactor.redact }),
    close,
    [Symbol.asyncDispose]: close,
  }
}
