const zoned =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d)(\.\d+)?)?)? ?(?:z|utc|([+-])(\d\d)(?::?(\d\d)(?::?(\d\d))?)?)$/i

/** A point in time with its offset, as UTC without one: `2024-05-31 12:30:05.5`. Undefined for a text that is none. */
export function inUtc(text: string): string | undefined {
  const parts = zoned.exec(text)
  if (!parts) return undefined
  const [year = 0, month = 1, day = 1, hours = 0, minutes = 0, seconds = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0))
  const [, , , , , , , fraction = '', sign, ...offset] = parts
  const [offHours = 0, offMinutes = 0, offSeconds = 0] = offset.map((part) => Number(part ?? 0))
  const ahead = (offHours * 3600 + offMinutes * 60 + offSeconds) * (sign === '-' ? -1 : 1)
  const moment = new Date(0)
  // Date.UTC takes a year below 100 for one of the last century.
  moment.setUTCFullYear(year, month - 1, day)
  moment.setUTCHours(hours, minutes, seconds - ahead)
  const written = moment.toISOString()
  return /^\d{4}-/.test(written) ? written.slice(0, 19).replace('T', ' ') + fraction : undefined
}
