import { isObject } from '../pruned.ts'

/** A value of a pivot as a line of a form. */
export interface PivotLine {
  text: string
  isNull: boolean
  /** Of its column; empty for the value's own. */
  name: string
  /** As the document has it: kept while its text is the same, so that numbers stay numbers. */
  was: unknown
}

export function readPivot(item: unknown): PivotLine {
  const value = isObject(item) ? item.value : item
  const name = isObject(item) && typeof item.name === 'string' ? item.name : ''
  return { text: value === null || value === undefined ? '' : String(value), isNull: value === null, name, was: value }
}

export function writePivot({ text, isNull, name, was }: PivotLine): unknown {
  const kept = was !== null && was !== undefined && String(was) === text ? was : text
  const value = isNull ? null : kept
  return name === '' ? value : { value, name }
}
