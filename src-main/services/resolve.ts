import { isAbsolute, resolve } from 'node:path'
import { type ConnectionConfig, workspaceConnection } from '../../shared/connections.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { nearest } from '../../shared/nearest.ts'
import { connectionFileName, connectionOfFile, findConnectionFiles, parseConnectionUrl } from './connection-file.ts'
import { type Environment, environmentName, shellWord } from './home.ts'

const connectionPrefix = 'SLUICE_CONNECTION_'

/** Where a connection was found: `--connection`, the environment, a connections.json, or the workspace. */
export type ConnectionSource = 'option' | 'environment' | 'file' | 'workspace'

export interface ResolvedConnection {
  name: string
  /** With its secrets: never to be shown, logged or stored. */
  config: ConnectionConfig
  /** Anchors a relative SQLite path. */
  folder: string
  source: ConnectionSource
  /** The connections.json or environment variable it came from. */
  origin: string
}

/** The part of the workspace that resolution asks, last. */
export interface SavedConnections {
  names(): Promise<string[]>
  /** With secrets joined; undefined when there is none of that name. */
  open(name: string): Promise<ConnectionConfig | undefined>
}

export interface ResolveOptions {
  /** From `--connection NAME=URL`. */
  overrides?: Readonly<Record<string, string>>
  env: Environment
  /** The folder of the pipeline file; the current folder where there is no file. */
  folder: string
  /** The current folder: what a URL in a command line or in the environment is relative to. */
  cwd: string
  workspace?: SavedConnections
}

/**
 * Finds a connection by name, in this order: `--connection NAME=URL`, `SLUICE_CONNECTION_<NAME>`, a `connections.json`
 * in the pipeline's folder or above it (the nearest that has the name), the workspace. The workspace is not opened
 * unless it comes to it.
 * @throws AppError CONNECTION_UNKNOWN, CONNECTION_INVALID, VAULT_LOCKED
 */
export async function resolveConnection(name: string, options: ResolveOptions): Promise<ResolvedConnection> {
  if (name === workspaceConnection) throw severalDatabases()
  return (
    (await fromOption(name, options)) ??
    (await fromEnvironment(name, options)) ??
    (await fromFiles(name, options)) ??
    (await fromWorkspace(name, options)) ??
    (await unknown(name, options))
  )
}

const severalDatabases = () =>
  new AppError(
    'CONNECTION_INVALID',
    `${workspaceConnection} stands for all connections at once: it can be queried, and used for nothing else.`,
    {
      hint: 'In a pipeline, read each database with a node of its own and join their rows with an SQL node.',
      at: { connection: workspaceConnection },
    },
  )

async function fromOption(name: string, { overrides, cwd }: ResolveOptions): Promise<ResolvedConnection | undefined> {
  const url = overrides !== undefined && Object.hasOwn(overrides, name) ? overrides[name] : undefined
  if (url === undefined) return undefined
  const origin = `--connection ${name}`
  return { name, config: await parseGiven(url, name, origin), folder: cwd, source: 'option', origin }
}

async function fromEnvironment(name: string, { env, cwd }: ResolveOptions): Promise<ResolvedConnection | undefined> {
  const origin = environmentName(connectionPrefix, name)
  const url = env[origin]
  if (!url) return undefined
  return { name, config: await parseGiven(url, name, origin), folder: cwd, source: 'environment', origin }
}

async function fromFiles(name: string, { env, folder }: ResolveOptions): Promise<ResolvedConnection | undefined> {
  const { files } = await findConnectionFiles(folder)
  const file = files.find((candidate) => candidate.entries.has(name))
  if (!file) return undefined
  const config = await connectionOfFile(file, name, env)
  return { name, config, folder: file.folder, source: 'file', origin: file.path }
}

async function fromWorkspace(
  name: string,
  { workspace, cwd }: ResolveOptions,
): Promise<ResolvedConnection | undefined> {
  const config = await workspace?.open(name)
  // Saved files are absolute (see anchorFile), so the folder matters to none of them.
  return config && { name, config, folder: cwd, source: 'workspace', origin: 'the workspace' }
}

async function parseGiven(url: string, name: string, origin: string): Promise<ConnectionConfig> {
  try {
    return await parseConnectionUrl(url)
  } catch (error) {
    const { code, message, hint } = toAppError(error)
    throw new AppError(code, `Connection "${name}" (${origin}): ${message}`, { hint, at: { connection: name } })
  }
}

async function unknown(name: string, options: ResolveOptions): Promise<never> {
  const { names, ignored } = await knownConnections(options)
  const near = nearest(name, names)
  const known = names.length === 0 ? 'No connections are known here.' : `Known here: ${names.join(', ')}.`
  const skipped = ignored.length === 0 ? '' : ` (Ignored, because another user owns it: ${ignored.join(', ')}.)`
  const add = `Add it with: sluice connections add ${shellWord(name)} URL`
  throw new AppError('CONNECTION_UNKNOWN', `There is no connection "${name}". ${known}${skipped}`, {
    hint: `${near === undefined ? '' : `Did you mean "${near}"? `}${add} — or in a ${connectionFileName} beside the pipeline, or as ${environmentName(connectionPrefix, name)}.`,
    at: { connection: name },
  })
}

/** Names that would resolve, sorted. Variables in the environment count under their lower-case name. */
export async function knownConnections(options: ResolveOptions): Promise<{ names: string[]; ignored: string[] }> {
  const { files, ignored } = await findConnectionFiles(options.folder)
  const certain = [
    ...Object.keys(options.overrides ?? {}),
    ...files.flatMap((file) => [...file.entries.keys()]),
    ...((await options.workspace?.names()) ?? []),
  ]
  const covered = new Set(certain.map((name) => environmentName(connectionPrefix, name)))
  const given = environmentConnections(options.env).filter(({ variable }) => !covered.has(variable))
  const names = new Set([...certain, ...given.map(({ name }) => name)])
  names.delete(workspaceConnection)
  return { names: [...names].sort(), ignored }
}

/** What the environment defines, under the lower-case names. */
export function environmentConnections(env: Environment): { name: string; variable: string; url: string }[] {
  return Object.entries(env).flatMap(([variable, url]) =>
    url && variable.startsWith(connectionPrefix) && variable !== connectionPrefix
      ? [{ name: variable.slice(connectionPrefix.length).toLowerCase(), variable, url }]
      : [],
  )
}

/** Makes a relative SQLite file absolute, so that a saved connection means the same wherever it is used from. */
export function anchorFile(config: ConnectionConfig, folder: string): ConnectionConfig {
  const { file } = config
  if (config.dialect !== 'sqlite' || !file || file === ':memory:' || isAbsolute(file)) return config
  // Where a reference leads is known when the file is opened.
  if (file.startsWith('${')) return config
  return { ...config, file: resolve(folder, file) }
}
