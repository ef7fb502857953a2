import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { type ConnectionConfig, connectionConfig } from '../../shared/connections.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { dialectOfUrl, loadDialect, plainUrl } from '../dialects/index.ts'
import { isSecretAt } from './connection-secrets.ts'
import { expandFields, expandUrl, hideReferences, literalPart, secretOfUrl } from './expand.ts'
import type { Environment } from './home.ts'

export const connectionFileName = 'connections.json'

/** A value is a URL, or the fields of a connection, with or without a `url` that they refine. */
const entry = z.union([z.string(), z.record(z.string(), z.json())])
type Entry = z.infer<typeof entry>
const document = z.record(z.string(), entry)

export interface ConnectionFile {
  path: string
  folder: string
  entries: ReadonlyMap<string, Entry>
}

/**
 * Parses a URL with the dialect it names, also as other programs write it (see plainUrl).
 * @param leave as Dialect.parseUrl
 * @throws AppError CONNECTION_INVALID, which never shows the URL
 */
export async function parseConnectionUrl(url: string, leave?: (option: string) => void): Promise<ConnectionConfig> {
  const plain = plainUrl(url)
  return (await loadDialect(dialectOfUrl(plain))).parseUrl(plain, leave)
}

/** The same for a URL to be saved: its references to the environment stay references. @throws AppError CONNECTION_INVALID */
export async function readConnectionUrl(url: string, leave?: (option: string) => void): Promise<ConnectionConfig> {
  const hidden = hideReferences(url.trim())
  const config = connectionConfig.safeParse(restored(await parseConnectionUrl(hidden.url, leave), hidden.restore))
  if (config.success) return config.data
  const field = config.error.issues[0]?.path.join('.') ?? ''
  throw new AppError(
    'CONNECTION_INVALID',
    `The URL cannot be read: its ${field === '' ? 'options are' : `${field} is`} not valid.`,
  )
}

/** A text as it is pasted: the same URL in quotes or with options of other programs, or the path of a SQLite file. @throws AppError CONNECTION_INVALID */
export async function readPasted(text: string): Promise<{ config: ConnectionConfig; left: string[] }> {
  const bare = text
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim()
  if (path.test(bare)) return { config: { dialect: 'sqlite', file: bare }, left: [] }
  const left: string[] = []
  const config = await readConnectionUrl(bare, (option) => left.push(option))
  return { config, left: [...new Set(left)] }
}

/** Absolute, or beginning where something is. */
const path = /^(?:\.{0,2}\/|\.{1,2}\\|[a-z]:[\\/]|\\\\)\S/i

function restored(value: unknown, restore: (text: string) => string): unknown {
  if (typeof value === 'string') return restore(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, restored(inside, restore)]))
}

/**
 * The connection files that a pipeline in `folder` sees, nearest first. Above the pipeline's own folder, a file counts
 * only if it belongs to this user, to the owner of that folder or to the system: in a shared folder such as /tmp anyone
 * could leave one that sends rows elsewhere.
 */
export async function findConnectionFiles(folder: string): Promise<{ files: ConnectionFile[]; ignored: string[] }> {
  const files: ConnectionFile[] = []
  const ignored: string[] = []
  const trusted = new Set([0, process.getuid?.()])
  trusted.add((await stat(folder).catch(() => undefined))?.uid)
  for (let at = resolve(folder), above = ''; at !== above; ) {
    const path = join(at, connectionFileName)
    const info = await stat(path).catch(() => undefined)
    if (info?.isFile()) {
      if (above === '' || process.platform === 'win32' || trusted.has(info.uid))
        files.push(await readConnectionFile(path))
      else ignored.push(path)
    }
    above = at
    at = dirname(at)
  }
  return { files, ignored }
}

/** @throws AppError CONNECTION_INVALID when it is no connection file, FILE_DENIED when it cannot be read */
async function readConnectionFile(path: string): Promise<ConnectionFile> {
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw new AppError('FILE_DENIED', `Cannot read ${path}.`, { hint: 'Check its permissions.', cause: error })
    }
    throw new AppError('CONNECTION_INVALID', `${path} is not valid JSON: ${withoutText(error.message)}.`, {
      hint: 'Mend the file; it maps names to URLs or to fields, e.g. { "shop": "sqlite:data/shop.db" }.',
    })
  }
  const result = document.safeParse(parsed)
  if (!result.success) {
    const place = result.error.issues[0]?.path.join('.') || 'the top'
    throw new AppError('CONNECTION_INVALID', `${path} has something other than a connection at ${place}.`, {
      hint: 'It maps names to URLs or to fields, e.g. { "shop": "sqlite:data/shop.db" }.',
    })
  }
  const entries = new Map(Object.entries(result.data).filter(([name]) => name !== '$schema'))
  return { path, folder: dirname(path), entries }
}

/** V8 quotes the text around a syntax error, which may hold what is secret. */
const withoutText = (message: string) =>
  /\bposition \d+(?: \(line \d+ column \d+\))?/.exec(message)?.[0] ?? 'unexpected end'

/**
 * The connection a file gives to a name, with references to the environment filled in.
 * @throws AppError CONNECTION_INVALID
 */
export async function connectionOfFile(
  file: ConnectionFile,
  name: string,
  env: Environment,
): Promise<ConnectionConfig> {
  const value = file.entries.get(name)
  const fail = (problem: string, hint: string) =>
    new AppError('CONNECTION_INVALID', `Connection "${name}" in ${file.path} ${problem}.`, {
      hint,
      at: { connection: name },
    })
  const lookup = (variable: string) => {
    throw fail(
      `needs the environment variable ${variable}, which is not set`,
      `Set ${variable} in the environment of the command.`,
    )
  }
  if (typeof value === 'string') {
    refuseSecret(secretOfUrl(value), 'password', fail)
    return parse(expandUrl(value, env, lookup), fail)
  }
  const { url, ...fields } = value ?? {}
  if (url !== undefined && typeof url !== 'string')
    throw fail('has a "url" that is not text', 'Write the URL in quotes.')
  if (url !== undefined) refuseSecret(secretOfUrl(url), 'password', fail)
  refuseLiteralSecrets(fields, fail)
  const base = url === undefined ? {} : await parse(expandUrl(url, env, lookup), fail)
  const expanded = expandFields(fields, env, lookup)
  const result = connectionConfig.safeParse({ ...base, ...expanded })
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const where = issue?.path.join('.')
  throw fail(
    `is not complete: ${where ? `${where}: ` : ''}${issue?.message ?? 'invalid'}`,
    'docs/connections.md lists the fields.',
  )
}

async function parse(url: string, fail: (problem: string, hint: string) => AppError): Promise<ConnectionConfig> {
  try {
    return await parseConnectionUrl(url)
  } catch (error) {
    const { message, hint } = toAppError(error)
    throw fail(`cannot be read: ${message.replace(/\.$/, '')}`, hint ?? 'Check the URL.')
  }
}

type Fields = Record<string, z.infer<ReturnType<typeof z.json>>>

/** What is left of the secrets when the references are taken away must be nothing. */
function refuseLiteralSecrets(fields: Fields, fail: (problem: string, hint: string) => AppError, prefix = ''): void {
  for (const [key, value] of Object.entries(fields)) {
    const path = prefix + key
    if (typeof value === 'string') {
      const literal = literalPart(value)
      if (isSecretAt(path, literal)) refuseSecret(literal, path, fail)
    } else if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      refuseLiteralSecrets(value, fail, `${path}.`)
    }
  }
}

function refuseSecret(literal: string, field: string, fail: (problem: string, hint: string) => AppError): void {
  if (literal === '') return
  throw fail(
    `holds a secret in clear (${field})`,
    `This file is for sharing. Write \${NAME} instead and set that environment variable, or save the connection in the workspace.`,
  )
}
