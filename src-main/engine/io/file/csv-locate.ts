import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

/** How a file is cut into fields. */
export interface Cutting {
  delimiter: string
  quote: string
  escapedBy: string
  /** As Node calls it. */
  encoding: BufferEncoding
}

/**
 * The line that the first record starts on whose field at `index` begins with `value`, from 1; undefined where there is none. For messages
 * about a file that could not be read, so the whole of it may be gone through.
 */
export function lineOf(file: string, index: number, value: string, cutting: Cutting): number | undefined {
  const handle = openSync(file, 'r')
  try {
    const decoder = new StringDecoder(cutting.encoding)
    const reader = new FieldReader(index, value, cutting)
    const piece = Buffer.alloc(1 << 20)
    for (let read = readSync(handle, piece); read > 0; read = readSync(handle, piece)) {
      const found = reader.push(decoder.write(piece.subarray(0, read)))
      if (found !== undefined) return found
    }
    return reader.push('\n')
  } finally {
    closeSync(handle)
  }
}

/** Goes through a text field by field, and holds on to no more than one of them. */
class FieldReader {
  private readonly index: number
  private readonly value: string
  private readonly cutting: Cutting
  private line = 1
  private began = 1
  private at = 0
  private field = ''
  private quoted = false
  /** The last character may be half of an escaped quote. */
  private held = ''

  constructor(index: number, value: string, cutting: Cutting) {
    this.index = index
    this.value = value
    this.cutting = cutting
  }

  push(piece: string): number | undefined {
    const { delimiter, quote, escapedBy } = this.cutting
    const text = this.held + piece
    this.held = ''
    for (let place = 0; place < text.length; place++) {
      const char = text[place] ?? ''
      if (char === '\n') this.line++
      if (this.quoted) {
        if (char === escapedBy && place + 1 === text.length) {
          this.held = char
          return undefined
        }
        if (char === escapedBy && text[place + 1] === quote) this.add(text[++place] ?? '')
        else if (char === quote) this.quoted = false
        else this.add(char)
      } else if (char === quote && quote !== '' && this.field === '') this.quoted = true
      else if (char === delimiter) {
        if (this.fits()) return this.began
        this.at++
        this.field = ''
      } else if (char === '\n') {
        if (this.fits()) return this.began
        this.at = 0
        this.field = ''
        this.began = this.line
      } else if (char !== '\r') this.add(char)
    }
    return undefined
  }

  private add(char: string): void {
    if (this.at === this.index && this.field.length <= this.value.length) this.field += char
    else if (this.field === '') this.field = char
  }

  private fits(): boolean {
    return this.at === this.index && this.field === this.value
  }
}
