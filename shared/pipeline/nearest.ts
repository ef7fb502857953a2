/** Candidates looked at; more would make a wrong name in a huge document slow to report. */
const most = 1000

/**
 * The candidate that someone probably meant: equal but for case, or within a third of its length in edits.
 * Undefined when nothing is near.
 */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const wanted = text.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates.slice(0, most)) {
    if (Math.abs(candidate.length - text.length) >= bestDistance) continue
    const distance = edits(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
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

/** `Did you mean "x"?`, or the fallback when nothing is near. */
export function didYouMean(text: string, candidates: readonly string[], fallback: string): string {
  const near = nearest(text, candidates)
  return near === undefined ? fallback : `Did you mean "${near}"?`
}
