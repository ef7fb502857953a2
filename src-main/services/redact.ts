import { secretMask } from '../../shared/connections.ts'

/** Removes known secrets from texts that leave the process. The last line of defence, not the first. */
export interface Redactor {
  /** Makes a secret known. Very short ones are ignored: hiding every "a" would hide nothing and break everything. */
  add(secret: string): void
  /** The same value with every known secret in its texts replaced by `••••`. */
  redact<T>(value: T): T
}

export const mask = secretMask

const shortest = 4

export function createRedactor(): Redactor {
  const known = new Set<string>()
  let ordered: string[] = []
  const text = (value: string) => ordered.reduce((rest, secret) => rest.replaceAll(secret, mask), value)
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    if (value !== null && typeof value === 'object' && isPlain(value)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item)]))
    }
    return value
  }
  return {
    add(secret) {
      if (secret.length < shortest) return
      // As it may stand in a URL, and in JSON.
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) known.add(form)
      // Longest first, so that a secret that contains another goes whole.
      ordered = [...known].sort((a, b) => b.length - a.length)
    },
    redact<T>(value: T): T {
      return ordered.length === 0 ? value : (deep(value) as T)
    },
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
