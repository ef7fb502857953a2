import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'

/** How the URLs of one kind of server look, and what their options set. */
export interface UrlForm {
  dialect: ConnectionConfig['dialect']
  /** Its name in messages. */
  title: string
  /** The scheme with its slashes, from the start. */
  scheme: RegExp
  shape: string
  example: string
  /** Options besides `readOnly`, which all have. */
  options: Record<string, (config: ConnectionConfig, value: string) => void>
  /** Options of other programs that change nothing when they ask for what is so anyway. */
  granted: Record<string, RegExp>
}

/** Why a URL cannot be read; never repeats the URL, which may hold a password. */
class Unreadable extends Error {}

/** A password may hold an @ as it is: the last one stands before the host. */
const rest = /^(?:([^/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?$/

/**
 * Reads `scheme://user:password@host:port/database?option=…`. Parts may be percent-encoded, and IPv6 addresses stand in brackets.
 * @param leave told of options that are not known and left out; without it they are refused
 * @throws AppError CONNECTION_INVALID
 */
export function readUrl(url: string, form: UrlForm, leave?: (option: string) => void): ConnectionConfig {
  try {
    return read(url.trim(), form, leave ?? refuse)
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    throw new AppError('CONNECTION_INVALID', `The ${form.title} URL cannot be read: ${error.message}.`, {
      hint: `Example: ${form.example}`,
    })
  }
}

function refuse(option: string): never {
  throw new Unreadable(`the option "${option}" is unknown`)
}

function read(url: string, form: UrlForm, leave: (option: string) => void): ConnectionConfig {
  const { dialect, scheme, shape, options, granted } = form
  const match = scheme.test(url) ? rest.exec(url.replace(scheme, '')) : null
  if (!match) throw new Unreadable(`it is not of the form ${shape}`)
  const [, credentials = '', host = '', port = '', database = '', query = ''] = match
  const colon = credentials.indexOf(':')
  const config: ConnectionConfig = { dialect }
  const set = (key: 'host' | 'user' | 'password' | 'database', value: string) => {
    if (value !== '') config[key] = decode(value)
  }
  set('user', colon < 0 ? credentials : credentials.slice(0, colon))
  if (colon >= 0) set('password', credentials.slice(colon + 1))
  set('host', host.replace(/^\[(.*)\]$/, '$1'))
  set('database', database)
  if (port !== '') config.port = portOf(port)
  for (const [key, value] of new URLSearchParams(query)) {
    if (key === 'readOnly') config.readOnly = value === '' || value === 'true' || value === '1'
    else if (Object.hasOwn(options, key)) options[key]?.(config, value)
    else if (!(Object.hasOwn(granted, key) && granted[key]?.test(value))) leave(key)
  }
  return config
}

/** For an option that gives a port. */
export function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) throw new Unreadable(`"${text}" is no port`)
  return port
}

/** An option that gives a time to connect, in whole seconds or milliseconds, to the driver. */
export function connectTimeout(driver: string, milliseconds: number) {
  return (config: ConnectionConfig, value: string): void => {
    if (!/^\d{1,9}$/.test(value)) throw new Unreadable(`"${value}" is no time to connect`)
    config.driver = { ...config.driver, [driver]: Number(value) * milliseconds }
  }
}

/** An option that turns TLS on or off. One that says more about it counts. */
export function tlsSwitch(on: Tls['mode'], off: Tls['mode']) {
  return (config: ConnectionConfig, value: string): void => {
    const mode = /^(?:true|1|yes|)$/i.test(value) ? on : /^(?:false|0|no)$/i.test(value) ? off : undefined
    if (!mode) throw new Unreadable(`"${value}" neither turns encryption on nor off`)
    config.tls = { mode, ...config.tls }
  }
}

type Tls = NonNullable<ConnectionConfig['tls']>

/** An option that gives the TLS mode by the names of the server's own programs. */
export function tlsMode(option: string, names: Record<string, Tls['mode']>, plain = (value: string) => value) {
  return (config: ConnectionConfig, value: string): void => {
    const wanted = plain(value)
    const mode = Object.hasOwn(names, wanted) ? names[wanted] : undefined
    if (!mode) throw new Unreadable(`${option} "${value}" is unknown; it may be ${Object.keys(names).join(', ')}`)
    config.tls = { ...config.tls, mode }
  }
}

/** An option that gives a certificate or key. Whoever names an authority wants the server checked. */
export function tlsFile(field: 'ca' | 'cert' | 'key') {
  return (config: ConnectionConfig, value: string): void => {
    config.tls = { mode: field === 'ca' ? 'verify' : 'prefer', ...config.tls, [field]: value }
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Unreadable(
      'a percent sign in it is not followed by two hexadecimal digits; write %25 for the sign itself',
    )
  }
}
