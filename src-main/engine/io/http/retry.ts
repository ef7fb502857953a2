/** What Retry-After asks for, in milliseconds from `now`; undefined when the header is missing or says nothing. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

/**
 * How long to wait after a failed attempt (counted from 1): what the server asked for, else half a second doubling, spread over
 * the upper half so that many clients do not come back together. Undefined when the server asks for more than `most`.
 */
export function waitMs(attempt: number, asked: number | undefined, most: number, random: number): number | undefined {
  if (asked !== undefined) return asked <= most ? asked : undefined
  const step = Math.min(most, 500 * 2 ** (attempt - 1))
  return step / 2 + (step / 2) * random
}
