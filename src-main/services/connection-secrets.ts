import { z } from 'zod'
import { type ConnectionConfig, connectionConfig, secretFields, secretMask } from '../../shared/connections.ts'
import { literalPart } from './expand.ts'

/** The secrets of a connection by where they belong: `password`, `tls.key`, `tunnel.passphrase`, `driver.<option>`. */
export const connectionSecrets = z.record(z.string(), z.string())
export type ConnectionSecrets = z.infer<typeof connectionSecrets>

/** Driver options that hold secrets under names of their own. */
const secretOption = /pass(?:word|phrase)?$|pwd$|secret|token|api_?key/i

/**
 * Whether a value at this place of a config is secret. A private key may be given as a path, which is not, or as its text. What only refers to
 * the environment is no secret.
 */
export function isSecretAt(path: string, value: string): boolean {
  if (value === '' || literalPart(value) === '') return false
  if (path === 'tls.key' || path === 'tunnel.key') return value.includes('PRIVATE KEY') || value === secretMask
  if (path.startsWith('driver.')) return secretOption.test(path)
  return secretFields.some((field) => field === path)
}

/** Takes the secrets out of a config. `joinSecrets` puts them back. */
export function splitSecrets(config: ConnectionConfig): { config: ConnectionConfig; secrets: ConnectionSecrets } {
  const secrets: ConnectionSecrets = {}
  const without = (part: object, prefix: string): object =>
    Object.fromEntries(
      Object.entries(part).flatMap(([key, value]): [string, unknown][] => {
        const path = prefix + key
        if (isGroup(value)) return [[key, without(value, `${path}.`)]]
        if (typeof value !== 'string' || !isSecretAt(path, value)) return [[key, value]]
        secrets[path] = value
        return []
      }),
    )
  return { config: connectionConfig.parse(without(config, '')), secrets }
}

export function joinSecrets(config: ConnectionConfig, secrets: ConnectionSecrets): ConnectionConfig {
  let whole: object = config
  for (const [path, value] of Object.entries(secrets)) whole = withValue(whole, path, value)
  return connectionConfig.parse(whole)
}

function withValue(config: object, path: string, value: string): object {
  const dot = path.indexOf('.')
  if (dot < 0) return { ...config, [path]: value }
  const group = path.slice(0, dot)
  const inside: unknown = Reflect.get(config, group)
  return { ...config, [group]: { ...(isGroup(inside) ? inside : {}), [path.slice(dot + 1)]: value } }
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
