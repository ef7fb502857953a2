import type { z } from 'zod'
import type { Environment } from './home.ts'

/** `${NAME}` and `${NAME:-default}`. */
const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/** Told of a variable that is not set and has no default; throws. */
export type Missing = (variable: string) => never

/** Fills references in with the environment. A variable that is set but empty takes the default, as in a shell. */
export function expandText(text: string, env: Environment, missing: Missing): string {
  return text.replaceAll(reference, (_all, name: string, fallback: string | undefined) =>
    lookUp(name, fallback, env, missing),
  )
}

/**
 * The same for a URL. A reference among user and password is percent-encoded, so that a password may hold `@`, `/` and
 * the like; a reference anywhere else (or to a whole URL) is taken as it is.
 */
export function expandUrl(url: string, env: Environment, missing: Missing): string {
  const bounds = userinfo(url)
  return url.replaceAll(reference, (_all, name: string, fallback: string | undefined, at: number) => {
    const value = lookUp(name, fallback, env, missing)
    return at >= bounds.start && at < bounds.end ? encodeURIComponent(value) : value
  })
}

function lookUp(name: string, fallback: string | undefined, env: Environment, missing: Missing): string {
  const value = env[name]
  if (value !== undefined && (value !== '' || fallback === undefined)) return value
  return fallback ?? missing(name)
}

type Fields = Record<string, z.infer<ReturnType<typeof z.json>>>

/** Numbers and switches may come from the environment too, where everything is text. */
const numeric = /^(?:port|pool\.\w+|tunnel\.port)$/
const boolean = /^(?:readOnly|tunnel\.agent)$/

/** Fills references in with the environment, in every text of a connection's fields. */
export function expandFields(fields: Fields, env: Environment, missing: Missing): Fields {
  return mapTexts(fields, (path, text) => {
    const filled = expandText(text, env, missing)
    return filled === text ? text : asTyped(path, filled)
  })
}

/** Gives numbers and switches that are written as references the values of their defaults; other texts stay. */
export function settleNumbers(fields: Fields): Fields {
  return mapTexts(fields, (path, text) =>
    numeric.test(path) || boolean.test(path) ? asTyped(path, literalPart(text)) : text,
  )
}

function asTyped(path: string, text: string): string | number | boolean {
  if (numeric.test(path) && /^\d+$/.test(text)) return Number(text)
  return boolean.test(path) && /^(?:true|false)$/.test(text) ? text === 'true' : text
}

function mapTexts(fields: Fields, map: (path: string, text: string) => Fields[string], prefix = ''): Fields {
  const entries = Object.entries(fields).map(([key, value]): [string, Fields[string]] => {
    const path = prefix + key
    if (typeof value === 'string') return [key, map(path, value)]
    const nested = value !== null && typeof value === 'object' && !Array.isArray(value)
    return [key, nested ? mapTexts(value, map, `${path}.`) : value]
  })
  return Object.fromEntries(entries)
}

/**
 * Lets a URL with references be read as one without: each becomes a plain word meanwhile. `restore` puts them back into a text of what was read.
 * References where a number must stand (a port) give way to their default.
 */
export function hideReferences(url: string): { url: string; restore(text: string): string } {
  const found: string[] = []
  const hidden = url.replaceAll(reference, (all, _name, fallback: string | undefined, at: number) => {
    const port = /:$/.test(url.slice(0, at)) && /^(?:[/?#]|$)/.test(url.slice(at + all.length))
    if (port && /^\d+$/.test(fallback ?? '') && at > userinfo(url).end) return fallback ?? ''
    found.push(all)
    return `sluice-reference-${found.length - 1}-`
  })
  const restore = (text: string) =>
    text.replaceAll(/sluice-reference-(\d+)-/g, (_all, index) => found[Number(index)] ?? '')
  return { url: hidden, restore }
}

/** What a text says by itself: references go, their defaults stay. */
export function literalPart(text: string): string {
  return text.replaceAll(reference, (_all, _name: string, fallback: string | undefined) => fallback ?? '')
}

/** The secret a URL holds in clear, '' when none: after the user's name, or in an option named for one. */
export function secretOfUrl(url: string): string {
  const { start, end } = userinfo(url)
  const user = url.slice(start, end)
  // Cut before references go: a default may itself hold a colon.
  const colon = user.replaceAll(reference, (all) => ' '.repeat(all.length)).indexOf(':')
  const password = colon < 0 ? '' : literalPart(user.slice(colon + 1))
  if (password !== '') return password
  for (const [, value] of url.matchAll(/[?&][\w.-]*(?:password|passphrase|passwd|pwd|secret|token)=([^&#]*)/gi)) {
    const literal = literalPart(value ?? '')
    if (literal !== '') return literal
  }
  return ''
}

/** Where `user:password` stands: between `://` and the last `@` before the path. References may hold any sign. */
function userinfo(url: string): { start: number; end: number } {
  const plain = url.replaceAll(reference, (all) => 'x'.repeat(all.length))
  const start = plain.indexOf('://') + 3
  if (start < 3) return { start: 0, end: 0 }
  const rest = plain.slice(start)
  const length = /[/?#]/.exec(rest)?.index ?? rest.length
  const at = rest.slice(0, length).lastIndexOf('@')
  return at < 0 ? { start, end: start } : { start, end: start + at }
}
