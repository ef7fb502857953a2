/** A text of at most about `limit` characters for a message: what is too long loses its middle. */
export function clip(text: string, limit = 400): string {
  if (text.length <= limit) return text
  const tail = Math.floor(limit / 4)
  const [start, end] = [text.slice(0, limit - tail), text.slice(-tail)]
  const left = text.length - start.length - end.length
  return `${start} … (${left} characters) … ${end}`.replace(
    /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
    '',
  )
}
