const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** `1,234,567` */
export const formatCount = (count: number): string => whole.format(count)

/** `1,234 rows`, `1 row` */
export const formatRows = (count: number): string => `${formatCount(count)} ${count === 1 ? 'row' : 'rows'}`

/** `850 ms`, `1.2 s`, `3 min 04 s`, `2 h 05 min` */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  const seconds = ms / 1_000
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`
  const total = Math.round(seconds)
  if (total < 3_600) return `${Math.floor(total / 60)} min ${String(total % 60).padStart(2, '0')} s`
  const minutes = Math.round(total / 60)
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** `512 B`, `1.4 MB`; powers of 1000. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/** Local date and time, `21 Nov 2026, 14:03:09`; the zone belongs in the title. */
export function formatTime(iso: string): string {
  const at = new Date(iso)
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
  return `${day}, ${at.toLocaleTimeString('en-GB')}`
}

/** The same with zone, for a title. */
export const formatZoned = (iso: string): string =>
  new Date(iso).toLocaleString('en-GB', { dateStyle: 'full', timeStyle: 'long' })
