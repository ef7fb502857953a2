import { z } from 'zod'
import { type ConnectionConfig, secretFields } from '../../shared/connections.ts'
import { mask } from './redact.ts'

/** The secrets of a connection by where they belong: `password`, `tls.key`, `driver.<option>`. */
export const connectionSecrets = z.record(z.string(), z.string())
export type ConnectionSecrets = z.infer<typeof connectionSecrets>

/** Driver options that hold secrets under names of their own. */
const secretOption = /pass(?:word|phrase)?$|pwd$|secret|token|api_?key/i

/** Whether a value at this place of a config is secret. A private key may be given as a path, which is not, or as its text. */
export function isSecretAt(path: string, value: string): boolean {
  if (value === '') return false
  if (path === 'tls.key') return value.includes('PRIVATE KEY') || value === mask
  if (path.startsWith('driver.')) return secretOption.test(path)
  return secretFields.some((field) => field === path)
}

/** Takes the secrets out of a config. `joinSecrets` puts them back. */
export function splitSecrets(config: ConnectionConfig): { config: ConnectionConfig; secrets: ConnectionSecrets } {
  const rest = structuredClone(config)
  const secrets: ConnectionSecrets = {}
  const take = (path: string, value: unknown, remove: () => void) => {
    if (typeof value !== 'string' || !isSecretAt(path, value)) return
    secrets[path] = value
    remove()
  }
  for (const field of secretFields) take(field, rest[field], () => delete rest[field])
  take('tls.key', rest.tls?.key, () => delete rest.tls?.key)
  for (const [option, value] of Object.entries(rest.driver ?? {})) {
    take(`driver.${option}`, value, () => delete rest.driver?.[option])
  }
  return { config: rest, secrets }
}

export function joinSecrets(config: ConnectionConfig, secrets: ConnectionSecrets): ConnectionConfig {
  const whole = structuredClone(config)
  for (const [path, value] of Object.entries(secrets)) {
    if (path === 'tls.key') whole.tls = { ...(whole.tls ?? { mode: 'prefer' }), key: value }
    else if (path.startsWith('driver.')) whole.driver = { ...whole.driver, [path.slice('driver.'.length)]: value }
    else if (path === 'password') whole.password = value
  }
  return whole
}
