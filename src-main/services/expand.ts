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
