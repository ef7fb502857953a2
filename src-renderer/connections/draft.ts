import { type ConnectionConfig, connectionConfig, type DialectId, secretMask } from '../../shared/connections.ts'
import { dialectForms } from './fields.ts'

/** A connection as the form holds it: texts by where they stand in the config. A secret that is kept is `••••`. */
export interface Draft {
  name: string
  dialect: DialectId
  texts: Readonly<Record<string, string>>
  readOnly: boolean
  tunnel: 'off' | 'password' | 'key' | 'agent'
  options: readonly DriverOption[]
}

export interface DriverOption {
  /** Tells lines apart while their names are typed. */
  id: string
  name: string
  value: string
}

export const emptyDraft = (dialect: DialectId): Draft => ({
  name: '',
  dialect,
  texts: {},
  readOnly: false,
  tunnel: 'off',
  options: [],
})

export function draftOf(name: string, config: ConnectionConfig): Draft {
  const texts: Record<string, string> = {}
  const flatten = (part: object, prefix: string) => {
    for (const [key, value] of Object.entries(part)) {
      if (value === undefined || prefix + key === 'driver') continue
      if (typeof value === 'object' && value !== null) flatten(value, `${prefix}${key}.`)
      else texts[prefix + key] = String(value)
    }
  }
  flatten(config, '')
  const { tunnel } = config
  const login = tunnel?.agent ? 'agent' : tunnel?.key === undefined ? 'password' : 'key'
  return {
    name,
    dialect: config.dialect,
    texts,
    readOnly: config.readOnly ?? false,
    tunnel: tunnel === undefined ? 'off' : login,
    options: Object.entries(config.driver ?? {}).map(([option, value]) => ({
      id: option,
      name: option,
      value: String(value),
    })),
  }
}

/** The config that the form says; its problems are told by `problemsOf`. */
export function configOf(draft: Draft): ConnectionConfig {
  const { dialect, texts, tunnel } = draft
  const { main, server } = dialectForms[dialect]
  const text = (path: string) => {
    const value = path === 'password' || path.endsWith('.password') ? texts[path] : texts[path]?.trim()
    return value === '' ? undefined : value
  }
  const number = (path: string) => (text(path) === undefined ? undefined : Number(text(path)))
  const fields = (group: string, names: readonly string[]) =>
    defined(names.map((name) => [name, text(`${group}.${name}`)]))
  const tls = fields('tls', ['mode', 'ca', 'cert', 'key'])
  const pool = defined(['max', 'idleMs', 'acquireMs'].map((name) => [name, number(`pool.${name}`)]))
  const login = { off: [], password: ['password'], key: ['key', 'passphrase'], agent: [] }[tunnel]
  const through = {
    ...fields('tunnel', ['host', 'user', 'hostKey', ...login]),
    ...defined([['port', number('tunnel.port')]]),
    ...(tunnel === 'agent' ? { agent: true } : {}),
  }
  const driver = Object.fromEntries(
    draft.options.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), optionValue(value)]),
  )
  return connectionConfig.parse({
    dialect,
    ...defined(main.map(({ path, kind }) => [path, kind === 'port' ? number(path) : text(path)])),
    ...(draft.readOnly ? { readOnly: true } : {}),
    ...(server && Object.keys(tls).length > 0 ? { tls } : {}),
    ...(server && tunnel !== 'off' ? { tunnel: through } : {}),
    ...(server && Object.keys(pool).length > 0 ? { pool } : {}),
    ...(Object.keys(driver).length > 0 ? { driver } : {}),
    ...defined([
      ['color', text('color')],
      ['environment', text('environment')],
    ]),
  })
}

const defined = <T>(entries: readonly (readonly [string, T | undefined])[]) =>
  Object.fromEntries(entries.filter(([, value]) => value !== undefined))

/** As the driver takes it: numbers and switches are not texts. */
function optionValue(text: string): string | number | boolean {
  const trimmed = text.trim()
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true'
  return /^-?\d+(\.\d+)?$/.test(trimmed) ? Number(trimmed) : text
}

/** The same draft with another text; an empty one is none. */
export function withText(draft: Draft, path: string, text: string): Draft {
  return { ...draft, texts: { ...draft.texts, [path]: text } }
}

/** What a URL says, over what the form held: name, marks and what the URL does not speak of stay. */
export function withConfig(draft: Draft, config: ConnectionConfig): Draft {
  const read = draftOf(draft.name, config)
  const kept = Object.entries(draft.texts).filter(
    ([path]) => path === 'color' || path === 'environment' || path.startsWith('tunnel.') || path.startsWith('pool.'),
  )
  return {
    ...read,
    texts: { ...Object.fromEntries(kept), ...read.texts },
    tunnel: draft.tunnel,
    readOnly: read.readOnly || draft.readOnly,
    options: read.options.length > 0 ? read.options : draft.options,
  }
}

/** What a URL says, once it was read, over a form that went on being filled in meanwhile: what was typed since `before` stays. */
export function withReadUrl(draft: Draft, config: ConnectionConfig, before: Draft): Draft {
  const read = withConfig(draft, config)
  const typed = Object.entries(draft.texts).filter(([path, text]) => text !== before.texts[path])
  return {
    ...read,
    texts: { ...read.texts, ...Object.fromEntries(typed) },
    options: draft.options === before.options ? read.options : draft.options,
  }
}

export const isMasked = (text: string | undefined) => text === secretMask

/** Whether a text looks like a URL of a database, as people paste it. */
export const looksLikeUrl = (text: string) =>
  /^["'`]?(?:jdbc:)?(?:sqlite3?|file|postgres|postgresql|mysql|mariadb)(?:\+\w+)?:/i.test(text.trim())
