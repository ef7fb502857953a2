import { AppError } from '../errors.ts'

/** Reads `name`, `schema.name` or `"odd.schema"."odd ""name"""`. @throws AppError CONFIG_INVALID */
export function parseTableName(text: string): { schema?: string; name: string } {
  const parts = [...text.trim().matchAll(/(?:"((?:[^"]|"")+)"|([^".]+))(\.|$)/gy)]
  const length = parts.reduce((sum, part) => sum + part[0].length, 0)
  const names = parts.map((part) => part[1]?.replaceAll('""', '"') ?? part[2] ?? '')
  const [first, second] = names
  if (length !== text.trim().length || first === undefined || names.length > 2 || text.trim().endsWith('.')) {
    throw new AppError('CONFIG_INVALID', `"${text}" is not a table name.`, {
      hint: 'Write name or schema.name; put names that hold a dot or a quote in double quotes.',
      at: { field: 'table' },
    })
  }
  return second === undefined ? { name: first } : { schema: first, name: second }
}

/** How many edits make one text of another (Levenshtein), for naming what somebody probably meant. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    previous = current
  }
  return previous[b.length] ?? 0
}

/** The names closest to one that does not exist, best first; none when nothing is close. Case does not count. */
export function nearest(wanted: string, names: readonly string[], most = 3): string[] {
  const lower = wanted.toLowerCase()
  const limit = Math.max(2, Math.floor(wanted.length / 3))
  return names
    .map((name) => {
      const other = name.toLowerCase()
      const contained = lower.length > 2 && (other.includes(lower) || lower.includes(other))
      return { name, score: contained ? 1 : distance(lower.slice(0, 80), other.slice(0, 80)) }
    })
    .filter(({ score }) => score <= limit)
    .sort((a, b) => a.score - b.score)
    .slice(0, most)
    .map(({ name }) => name)
}
