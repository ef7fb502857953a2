/** Candidates looked at; more would make a wrong name among very many slow to report. */
const lookedAt = 1000

/**
 * The candidates that someone probably meant, best first: equal but for case, within a third of the length in edits, or
 * one name inside the other. None when nothing is near.
 */
export function nearestFew(text: string, candidates: readonly string[], most = 3): string[] {
  const wanted = text.toLowerCase()
  const limit = Math.max(1, Math.floor(wanted.length / 3))
  return candidates
    .slice(0, lookedAt)
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase(), limit) }))
    .filter((found) => found.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate)
}

/** The one most likely meant; undefined when nothing is near. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  return nearestFew(text, candidates, 1)[0]
}

/** `Did you mean "x"?`, or the fallback when nothing is near. */
export function didYouMean(text: string, candidates: readonly string[], fallback: string): string {
  const near = nearest(text, candidates)
  return near === undefined ? fallback : `Did you mean "${near}"?`
}

function distance(wanted: string, other: string, limit: number): number {
  const contained = Math.min(wanted.length, other.length) > 2 && (other.includes(wanted) || wanted.includes(other))
  if (contained) return wanted === other ? 0 : limit
  return Math.abs(wanted.length - other.length) > limit ? Number.POSITIVE_INFINITY : edits(wanted, other)
}

/** Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other. */
function edits(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, (beforeLast[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
