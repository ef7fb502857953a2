/** The type that takes the values of all given DuckDB types without loss; text when none does. */
export function unifyTypes(types: readonly string[]): string {
  const distinct = [...new Set(types)]
  const [first = 'VARCHAR'] = distinct
  if (distinct.length <= 1) return first
  if (distinct.every((type) => type === 'BIGINT' || type === 'DOUBLE')) return 'DOUBLE'
  if (distinct.every((type) => type === 'DATE' || type === 'TIMESTAMP')) return 'TIMESTAMP'
  return 'VARCHAR'
}

/**
 * A number column is guessed as 64-bit float when it does not fit 64-bit integers. Where the values have more digits than a
 * float keeps, it becomes a decimal that holds them all, else text. What is written as 0x1F or 0b11 is a name and no amount, so it stays text.
 */
export function exactNumberType(type: string, values: readonly string[], decimalComma: boolean): string {
  if (type === 'BIGINT' && values.some((value) => /^0[xb]/i.test(value))) return 'VARCHAR'
  if (type !== 'DOUBLE') return type
  let whole = 0
  let scale = 0
  let long = false
  for (const value of values) {
    const match = /^\s*[+-]?(\d*)(?:[.,](\d*))?\s*$/.exec(value)
    if (!match) {
      if (/\d[eE]/.test(value)) return type
      continue
    }
    if (value.includes(',') !== value.includes('.') && value.includes(',') !== decimalComma) continue
    const [, left = '', right = ''] = match
    whole = Math.max(whole, left.replace(/^0+/, '').length)
    scale = Math.max(scale, right.length)
    const digits = (left + right).replace(/^0+/, '').replace(/0+$/, '').length
    if (digits > 17 || (right === '' && left.length > 15 && String(Number(left)) !== left)) long = true
  }
  if (!long) return type
  return whole + scale <= 38 ? `DECIMAL(38,${scale})` : 'VARCHAR'
}
