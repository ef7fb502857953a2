/** Cells copied from a spreadsheet: those that hold tabs, line ends or quotes stand in quotes. A line end after the last row says nothing. */
export function readCells(copied: string): string[][] {
  const text = copied.replace(/\r\n?/g, '\n').replace(/\n+$/, '')
  const rows: string[][] = [[]]
  let at = 0
  for (;;) {
    const quoted = text[at] === '"' ? /"((?:[^"]|"")*)"(?=[\t\n]|$)/y : undefined
    if (quoted) quoted.lastIndex = at
    const match = quoted?.exec(text)
    const end = match ? at + match[0].length : endOfCell(text, at)
    rows.at(-1)?.push(match ? (match[1] ?? '').replaceAll('""', '"') : text.slice(at, end))
    if (end >= text.length) return rows
    if (text[end] === '\n') rows.push([])
    at = end + 1
  }
}

function endOfCell(text: string, from: number): number {
  const at = text.slice(from).search(/[\t\n]/)
  return at < 0 ? text.length : from + at
}
