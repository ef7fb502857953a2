const magics: readonly [RegExp, string][] = [
  [/^89504e470d0a1a0a/, 'image/png'],
  [/^ffd8ff/, 'image/jpeg'],
  [/^47494638/, 'image/gif'],
  [/^52494646.{8}57454250/, 'image/webp'],
  [/^424d/, 'image/bmp'],
]

/** The picture that bytes are, by how they begin; undefined when they are none. @param text `\x` and hex */
export function imageOf(text: string): { type: string; url: string } | undefined {
  const hex = text.slice(2)
  const type = magics.find(([begins]) => begins.test(hex))?.[1]
  return type === undefined ? undefined : { type, url: `data:${type};base64,${base64Of(hex)}` }
}

function base64Of(hex: string): string {
  const bytes = hex.match(/../g)?.map((pair) => String.fromCharCode(Number.parseInt(pair, 16))) ?? []
  return btoa(bytes.join(''))
}

/** Lines of sixteen bytes: place, hex, and the characters that can be shown. */
export function hexDump(text: string, limit: number): string {
  const hex = text.slice(2, 2 + limit * 2)
  const lines: string[] = []
  for (let at = 0; at < hex.length; at += 32) {
    const pairs = hex.slice(at, at + 32).match(/../g) ?? []
    const place = (at / 2).toString(16).padStart(8, '0')
    const shown = pairs.map((pair) => printable(Number.parseInt(pair, 16))).join('')
    lines.push(`${place}  ${pairs.join(' ').padEnd(47)}  ${shown}`)
  }
  return lines.join('\n')
}

const printable = (code: number) => (code >= 32 && code < 127 ? String.fromCharCode(code) : '·')
