import type { ErrorPlace } from '../../../../shared/errors.ts'
import type { NodeCounts, RunState } from '../../../../shared/run.ts'

/** `1234567` → `1,234,567`. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `85 ms`, `1.2 s`, `3 min 04 s`, `2 h 05 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`
  return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`
}

/** `1 row`, `1,000 rows`. */
export function formatRows(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`
}

/** What a node did, in a few words: changes for loads, rows for the rest; empty when nothing is known. */
export function formatCounts(counts: NodeCounts): string {
  const changes: [string, number | undefined][] = [
    ['inserted', counts.inserted],
    ['updated', counts.updated],
    ['deleted', counts.deleted],
    ['rejected', counts.rejected],
  ]
  const told = changes.filter(([word, count]) => (word === 'inserted' ? count !== undefined : (count ?? 0) > 0))
  if (told.some(([, count]) => (count ?? 0) > 0)) {
    return told
      .filter(([, count]) => (count ?? 0) > 0)
      .map(([word, count]) => `${formatCount(count ?? 0)} ${word}`)
      .join(', ')
  }
  if (told.length > 0) return formatRows(0)
  const rows = counts.rowsOut ?? counts.rowsIn
  return rows === undefined ? '' : formatRows(rows)
}

export const stateSigns: Record<RunState, string> = {
  pending: '·',
  running: '▸',
  completed: '✓',
  failed: '✗',
  cancelling: '…',
  cancelled: '■',
  crashed: '!',
  skipped: '–',
}

/** Where an error belongs, e.g. `node big, where, connection shop, line 12`; empty when nothing is known. */
export function formatPlace(at: ErrorPlace, file?: string): string {
  const line = at.line === undefined ? '' : `:${at.line}${at.column === undefined ? '' : `:${at.column}`}`
  const parts = [
    at.node === undefined ? '' : `node ${at.node}${at.field === undefined ? '' : `, ${at.field}`}`,
    at.node === undefined && at.field !== undefined ? at.field : '',
    at.node === undefined && at.path !== undefined ? at.path : '',
    at.connection === undefined ? '' : `connection ${at.connection}`,
    at.position === undefined ? '' : `character ${at.position + 1}`,
    line === '' ? '' : `${file ?? 'line '}${file === undefined ? line.slice(1) : line}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}
