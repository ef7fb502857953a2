import { AppError } from '../errors.ts'
import { formatPath, type Path, place } from './place.ts'

/** A flaw that JSON.parse passes over but that loses or hides something written in the file. */
export interface JsonFlaw {
  path: Path
  offset: number
  message: string
  hint: string
}

const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const word = /[\w.+-]+/y
const wordPart = /[\w.+-]/
const literals = new Map<string, null | boolean>([
  ['null', null],
  ['true', true],
  ['false', false],
])

/**
 * Reads JSON (RFC 8259) and notices what JSON.parse does not: keys written twice, `__proto__`, and numbers that
 * JavaScript cannot hold exactly. Those are collected as flaws; anything that is no JSON throws.
 * @param what the text is, as messages call it
 * @throws AppError DOC_SYNTAX with line and column; DOC_LIMIT when values lie deeper than `maxDepth`.
 */
export function readJson(text: string, maxDepth: number, what = 'file'): { value: unknown; flaws: JsonFlaw[] } {
  const reader = new JsonReader(text, maxDepth, what)
  return { value: reader.document(), flaws: reader.flaws }
}

class JsonReader {
  readonly flaws: JsonFlaw[] = []
  private readonly text: string
  private readonly maxDepth: number
  private readonly what: string
  private readonly path: (string | number)[] = []
  /** Items of the lists being read, the outermost first. Cut out when a list ends: growing each list would waste memory. */
  private readonly items: unknown[] = []
  private held = 0
  private at = 0

  constructor(text: string, maxDepth: number, what: string) {
    this.text = text
    this.what = what
    this.maxDepth = maxDepth
    if (text.startsWith('\uFEFF')) this.at = 1
  }

  document(): unknown {
    this.skipSpace()
    if (this.at === this.text.length) {
      throw this.error('The file is empty.', 'A pipeline begins with { "sluice": 1, "name": "…", "nodes": { … } }.')
    }
    const value = this.value()
    this.skipSpace()
    if (this.at < this.text.length) throw this.unexpected(`the end of the ${this.what}`)
    return value
  }

  private value(): unknown {
    const char = this.text[this.at]
    if (char === '{') return this.object()
    if (char === '[') return this.array()
    if (char === '"') return this.string()
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.number()
    const found = this.match(word)
    const literal = literals.get(found)
    if (literal === undefined) throw this.unexpected('a value')
    this.at += found.length
    return literal
  }

  private object(): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.open()
    if (this.closes('}')) return object
    for (;;) {
      if (this.text[this.at] !== '"') throw this.unexpected('a key in double quotes')
      const keyAt = this.at
      const key = this.string()
      this.path.push(key)
      this.checkKey(object, key, keyAt)
      this.skipSpace()
      if (this.text[this.at] !== ':') throw this.unexpected('":" after the key')
      this.at++
      this.skipSpace()
      const value = this.value()
      if (key !== '__proto__') object[key] = value
      this.path.pop()
      if (this.ends('}')) return object
    }
  }

  private checkKey(object: Record<string, unknown>, key: string, offset: number): void {
    if (key === '__proto__') {
      this.flaw(offset, '"__proto__" is not allowed as a key.', 'Choose another name.')
    } else if (Object.hasOwn(object, key)) {
      this.flaw(offset, `The key "${key}" is written twice.`, 'Keep one of them, or rename one.')
    }
  }

  private array(): unknown[] {
    this.open()
    if (this.closes(']')) return []
    const start = this.held
    for (;;) {
      this.path.push(this.held - start)
      const value = this.value()
      this.items[this.held++] = value
      this.path.pop()
      if (this.ends(']')) break
    }
    const array = this.items.slice(start, this.held)
    this.held = start
    return array
  }

  private open(): void {
    if (this.path.length >= this.maxDepth) {
      throw new AppError('DOC_LIMIT', `Values are nested more than ${this.maxDepth} deep.`, {
        hint: 'Flatten the document, or keep deeply nested data in a file of its own.',
        at: { path: formatPath(this.path.slice(0, 6)), ...place(this.text, this.at) },
      })
    }
    this.at++
    this.skipSpace()
  }

  private closes(bracket: string): boolean {
    if (this.text[this.at] !== bracket) return false
    this.at++
    return true
  }

  /** After an item: whether its container closes; else stands at the next item. */
  private ends(bracket: string): boolean {
    this.skipSpace()
    if (this.closes(bracket)) return true
    if (this.text[this.at] !== ',') throw this.unexpected(`"," or "${bracket}"`)
    const comma = this.at
    this.at++
    this.skipSpace()
    if (this.text[this.at] === bracket) {
      this.at = comma
      throw this.error(`A comma before "${bracket}".`, 'Remove the comma: JSON has none after the last item.')
    }
    return false
  }

  private string(): string {
    const start = this.at
    const plain = plainEnd(this.text, start)
    if (plain > 0) {
      this.at = plain
      return this.text.slice(start + 1, plain - 1)
    }
    const end = stringEnd(this.text, start)
    if (end < 0) throw this.error('A text in double quotes does not end.', 'Close it with a double quote.')
    this.at = end
    const source = this.text.slice(start, end)
    try {
      const value: unknown = JSON.parse(source)
      return typeof value === 'string' ? value : ''
    } catch {
      this.at = start + badCharacter(source)
      throw this.error(
        'A text in double quotes holds a line break, another control character or an unknown escape, or does not end.',
        'Write \\n for a line break and \\\\ for a backslash, and close the text with a double quote.',
      )
    }
  }

  private number(): number {
    const source = this.match(number)
    if (source === '' || wordPart.test(this.text[this.at + source.length] ?? '')) throw this.unexpected('a number')
    const value = Number(source)
    if (source.length > 15 && !exact(source, value)) {
      this.flaw(
        this.at,
        `The number ${source.length > 40 ? `${source.slice(0, 40)}…` : source} has more digits than a JSON number keeps.`,
        'Write it as text, in double quotes: then every digit is kept.',
      )
    } else if (!Number.isFinite(value)) {
      this.flaw(this.at, `The number ${source} is too large.`, 'Write it as text, in double quotes.')
    }
    this.at += source.length
    return value
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at++
    }
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at
    return pattern.exec(this.text)?.[0] ?? ''
  }

  private flaw(offset: number, message: string, hint: string): void {
    this.flaws.push({ path: [...this.path], offset, message, hint })
  }

  private unexpected(expected: string): AppError {
    const found = this.text[this.at]
    const shown =
      found === undefined ? `the ${this.what} ends` : `"${this.match(word).slice(0, 30) || found}" stands there`
    return this.error(`Expected ${expected}, but ${shown}.`, hintFor(found, this.what))
  }

  private error(message: string, hint: string): AppError {
    const where = place(this.text, this.at)
    const path = formatPath(this.path)
    return new AppError('DOC_SYNTAX', `Line ${where.line}, column ${where.column}: ${message}`, {
      hint,
      at: { ...where, ...(path === '' ? {} : { path }) },
    })
  }
}

/** The offset after the closing quote of a string without escapes; 0 when it has some, does not end, or is no JSON. */
function plainEnd(text: string, quote: number): number {
  for (let at = quote + 1; ; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) return at + 1
    if (code === 92 || !(code >= 32)) return 0
  }
}

/** The offset after the closing quote, or -1. */
export function stringEnd(text: string, quote: number): number {
  for (let from = quote + 1; ; ) {
    const end = text.indexOf('"', from)
    if (end < 0) return -1
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return end + 1
    from = end + 1
  }
}

/** Where in a quoted JSON string the first character stands that may not. */
function badCharacter(source: string): number {
  for (let index = 1; index < source.length; index++) {
    if (source.charCodeAt(index) < 32) return index
    if (source[index] !== '\\') continue
    const letter = source[index + 1] ?? ''
    const hex = /^[0-9a-fA-F]{4}$/.test(source.slice(index + 2, index + 6))
    if (letter === 'u' ? !hex : !'"\\/bfnrt'.includes(letter)) return index
    index++
  }
  return 0
}

function hintFor(found: string | undefined, what: string): string {
  if (found === undefined) return `The ${what} seems cut off: look for a missing closing bracket or brace.`
  if (found === "'") return 'JSON uses double quotes.'
  if (found === '/' || found === '#') return 'JSON has no comments: use the "note" or "description" keys.'
  return 'Look for a missing comma, quote or bracket just before.'
}

/** Whether a literal and the double it became are the same number. */
function exact(source: string, value: number): boolean {
  const shortest = String(value)
  return shortest === source || digits(source) === digits(shortest)
}

/** A number's significant digits and exponent, without zeros that carry nothing. */
function digits(source: string): string {
  const match = /^(-?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(source)
  if (!match) return source
  const all = `${match[2] ?? ''}${match[3] ?? ''}`
  const significant = all.replace(/^0+/, '').replace(/0+$/, '')
  if (significant === '') return '0'
  const trailing = all.length - all.replace(/0+$/, '').length
  return `${match[1]}${significant}e${Number(match[4] ?? 0) - (match[3] ?? '').length + trailing}`
}
