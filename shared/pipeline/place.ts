/** Keys and indexes from the root of the document to a value. */
export type Path = readonly (string | number)[]

/** A path as messages and `at.path` write it: `nodes.orders.config.keys.0`; odd keys stand in brackets and quotes. */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => {
      const plain = typeof part === 'number' || /^[\p{L}\p{N}_$-]+$/u.test(part)
      if (!plain) return `[${JSON.stringify(part)}]`
      return index === 0 ? String(part) : `.${part}`
    })
    .join('')
}

/** 1-based line and column of an offset. */
export function place(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  for (;;) {
    const end = text.indexOf('\n', lineStart)
    if (end < 0 || end >= offset) return { line, column: offset - lineStart + 1 }
    line++
    lineStart = end + 1
  }
}
