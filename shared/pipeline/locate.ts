import { stringEnd } from './json.ts'
import type { Path } from './place.ts'

/**
 * The offset in a JSON text of the value at each path; for a path that leads nowhere, of the nearest value above it.
 * One walk for all paths. The text must be valid JSON.
 */
export function locate(text: string, paths: readonly Path[]): number[] {
  const offsets = paths.map(() => 0)
  if (paths.length === 0) return offsets
  const walker = new Walker(text, offsets)
  walker.walk(
    paths.map((path, index) => ({ path, index })),
    0,
  )
  return offsets
}

interface Wanted {
  path: Path
  index: number
}

class Walker {
  private readonly text: string
  private readonly offsets: number[]
  private at = 0

  constructor(text: string, offsets: number[]) {
    this.text = text
    this.offsets = offsets
  }

  /** Stands before a value that all of `wanted` pass through; leaves after it. */
  walk(wanted: readonly Wanted[], depth: number): void {
    this.skipSpace()
    for (const { index } of wanted) this.offsets[index] = this.at
    const deeper = wanted.filter(({ path }) => path.length > depth)
    const open = this.text[this.at]
    if (deeper.length === 0 || (open !== '{' && open !== '[')) this.skipValue()
    else this.walkItems(deeper, depth, open === '{')
  }

  private walkItems(wanted: readonly Wanted[], depth: number, keyed: boolean): void {
    this.at++
    const byKey = Map.groupBy(wanted, ({ path }) => path[depth])
    for (let position = 0; ; position++) {
      this.skipSpace()
      if (this.at >= this.text.length || this.text[this.at] === '}' || this.text[this.at] === ']') break
      const key = keyed ? this.key() : position
      this.walk(byKey.get(key) ?? [], depth + 1)
      this.skipSpace()
      if (this.text[this.at] === ',') this.at++
    }
    this.at++
  }

  private key(): string {
    const end = stringEnd(this.text, this.at)
    const key = String(JSON.parse(this.text.slice(this.at, end)))
    this.at = this.text.indexOf(':', end) + 1
    return key
  }

  private skipValue(): void {
    let depth = 0
    do {
      const char = this.text[this.at]
      if (char === '"') this.at = stringEnd(this.text, this.at)
      else {
        if (char === '{' || char === '[') depth++
        if (char === '}' || char === ']') {
          if (depth === 0) return
          depth--
        }
        if (depth === 0 && char === ',') return
        this.at++
      }
    } while (this.at < this.text.length && (depth > 0 || /[\w.+-]/.test(this.text[this.at] ?? '')))
  }

  private skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at++
  }
}

/** JSON's white space, and the byte order mark. */
const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9 || code === 0xfeff
