/**
 * Text from rows, servers and files made safe to print: control characters could move the cursor, hide lines or
 * change the terminal, so they are shown as pictures. With `lines`, line breaks and tabs stay.
 */
export function printable(text: string, { lines = false } = {}): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => {
    if (lines && (char === '\n' || char === '\t')) return char
    if (char === '\n') return '⏎'
    if (char === '\t') return '→'
    const code = char.charCodeAt(0)
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '�'
  })
}

/** Characters that take two cells of a terminal: East Asian wide forms and emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u
const nothing = /\p{Mn}|\p{Me}|\p{Cf}/u

function cellsOf(char: string): number {
  if (char < '\u0300') return 1
  if (nothing.test(char)) return 0
  return wide.test(char) ? 2 : 1
}

/** How many cells of a terminal a text takes. */
export function textWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything below the first accent is one cell wide.
  if (/^[\u0000-\u02ff]*$/.test(text)) return text.length
  let width = 0
  for (const char of text) width += cellsOf(char)
  return width
}

/** Cuts a text to a width, with `…` where something is missing. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let taken = ''
  let used = 0
  for (const char of text) {
    const cells = cellsOf(char)
    if (used + cells > width - 1) break
    taken += char
    used += cells
  }
  return `${taken}…`
}

/** Fills a text with spaces to a width, or cuts it. */
export function padTo(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const clipped = clip(text, width)
  const space = ' '.repeat(Math.max(0, width - textWidth(clipped)))
  return align === 'left' ? clipped + space : space + clipped
}
