const calendar = /^([+-]?\d{4,7})-(\d{2})-(\d{2})$/
const clock = /^(\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?$/
const zone = /(?:Z|([+-])(\d{2})(?::?(\d{2}))?(?::?(\d{2}))?)$/i

/** Values that Postgres has and ISO 8601 has not; they pass as they are. */
const beyond = /^-?infinity$|\s(?:\(BC\)|BC)$/i

/** A date as wire text; undefined when it is none. */
export function dateText(text: string): string | undefined {
  if (beyond.test(text)) return text
  const match = calendar.exec(text)
  if (!match) return undefined
  const [, year = '', month = '', day = ''] = match
  return Number(month) >= 1 &&
    Number(month) <= 12 &&
    Number(day) >= 1 &&
    Number(day) <= daysIn(Number(year), Number(month))
    ? text
    : undefined
}

/** A time of day as wire text, seconds included; undefined when it is none. */
export function timeText(text: string): string | undefined {
  const match = clock.exec(text)
  if (!match) return undefined
  const [, hour = '', minute = '', second = '00', fraction = ''] = match
  const ends = hour === '24' && minute === '00' && second === '00' && Number(fraction || 0) === 0
  if (!ends && (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)) return undefined
  return `${hour}:${minute}:${second}${fraction}`
}

/**
 * A timestamp as wire text; undefined when it is none. An offset is applied, so that the text is in UTC; without one it is
 * taken as it stands. `zoned` adds the `+00` of timestamptz.
 */
export function timestampText(text: string, zoned: boolean): string | undefined {
  if (beyond.test(text)) return text
  const match = /^([^ T]+)(?:[ T](.+))?$/.exec(text)
  const date = dateText(match?.[1] ?? '')
  if (match === null || date === undefined) return undefined
  const rest = match[2] ?? '00:00:00'
  const offset = zone.exec(rest)
  const time = timeText(offset === null ? rest : rest.slice(0, offset.index).trimEnd())
  if (time === undefined) return undefined
  const minutes = offset === null ? 0 : offsetMinutes(offset)
  const moved = minutes === 0 ? `${date} ${time}` : shift(date, time, minutes)
  return zoned ? `${moved}+00` : moved
}

/** A JavaScript date as wire text, in UTC. */
export function instantText(date: Date, kind: 'date' | 'timestamp' | 'timestamptz'): string {
  const text = date.toISOString().replace('T', ' ').replace('Z', '')
  if (kind === 'date') return text.slice(0, text.indexOf(' '))
  return kind === 'timestamptz' ? `${text}+00` : text
}

function offsetMinutes([, sign, hours, minutes, seconds]: RegExpExecArray): number {
  const size = Number(hours ?? 0) * 60 + Number(minutes ?? 0) + Number(seconds ?? 0) / 60
  return sign === '-' ? -size : size
}

function shift(date: string, time: string, minutes: number): string {
  const [, year = '', month = '', day = ''] = calendar.exec(date) ?? []
  const [, hour = '', minute = '', second = '', fraction = ''] = clock.exec(time) ?? []
  const instant = new Date(0)
  instant.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  instant.setUTCHours(Number(hour), Number(minute), Number(second) - Math.round(minutes * 60))
  const [moved = ''] = instant.toISOString().split('.')
  return `${moved.replace('T', ' ')}${fraction}`
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
