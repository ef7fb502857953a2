const QUOTE = 34
const NEWLINE = 10

/** Cuts wire bytes that arrive in pieces into rows, each with its line end. Holds at most one partial row. */
export class RowSplitter {
  private rest = Buffer.alloc(0)
  private scanned = 0
  private inQuotes = false

  push(piece: Uint8Array): Buffer[] {
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, piece]) : Buffer.from(piece)
    const rows: Buffer[] = []
    let start = 0
    let at = this.scanned
    let quote = bytes.indexOf(QUOTE, at)
    for (;;) {
      if (this.inQuotes) {
        if (quote < 0) break
        this.inQuotes = false
        at = quote + 1
        quote = bytes.indexOf(QUOTE, at)
        continue
      }
      const newline = bytes.indexOf(NEWLINE, at)
      if (quote >= 0 && (newline < 0 || quote < newline)) {
        this.inQuotes = true
        at = quote + 1
        quote = bytes.indexOf(QUOTE, at)
      } else if (newline >= 0) {
        rows.push(bytes.subarray(start, newline + 1))
        start = newline + 1
        at = start
      } else break
    }
    this.rest = bytes.subarray(start)
    this.scanned = this.rest.length
    return rows
  }

  /** Whether the bytes so far end inside a row. */
  get partial(): boolean {
    return this.rest.length > 0
  }
}
