import type { SchemaColumn, SchemaDetail, SchemaObject } from '../../shared/contract/schema.ts'
import type { ListedObject } from './listing.ts'

/** Where a searched word stands in a name: its first character and the one after its last. */
export type Mark = readonly [from: number, to: number]

/** The words of a search; every one of them must be found. */
export const wordsOf = (search: string): readonly string[] => search.toLowerCase().split(/\s+/).filter(Boolean)

/** Where the words stand in a name in lower case; undefined when one is missing. A word with a dot is `schema.name`, or parts of it. */
export function findWords(
  words: readonly string[],
  lower: string,
  schema: string | null = null,
): readonly Mark[] | undefined {
  const marks: Mark[] = []
  for (const word of words) {
    const dot = schema === null ? -1 : word.indexOf('.')
    if (dot >= 0 && !schema?.toLowerCase().endsWith(word.slice(0, dot))) return undefined
    const wanted = dot < 0 ? word : word.slice(dot + 1)
    const at = dot < 0 ? lower.indexOf(wanted) : lower.startsWith(wanted) ? 0 : -1
    if (at < 0) return undefined
    if (wanted !== '') marks.push([at, at + wanted.length])
  }
  return joined(marks)
}

/** Marks in order, those that touch as one. */
function joined(marks: readonly Mark[]): readonly Mark[] {
  const result: [number, number][] = []
  for (const [from, to] of [...marks].sort(([a], [b]) => a - b)) {
    const last = result.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else result.push([from, to])
  }
  return result
}

export interface FoundColumn {
  column: SchemaColumn
  marks: readonly Mark[]
}

export interface FoundObject {
  id: string
  object: SchemaObject
  marks: readonly Mark[]
  /** Columns that are called so, of a table whose own name is not; undefined when its name is. */
  columns?: readonly FoundColumn[]
}

/**
 * The objects that are called so, or whose columns are, as far as those were loaded.
 * @param detailOf what is known of an object's columns
 */
export function findObjects(
  objects: readonly ListedObject[],
  words: readonly string[],
  detailOf: (id: string) => SchemaDetail | undefined,
): FoundObject[] {
  const found: FoundObject[] = []
  for (const { id, object, lower } of objects) {
    const marks = findWords(words, lower, object.schema)
    if (marks) {
      found.push({ id, object, marks })
      continue
    }
    const columns = findColumns(detailOf(id)?.columns ?? [], words)
    if (columns.length > 0) found.push({ id, object, marks: [], columns })
  }
  return found
}

function findColumns(columns: readonly SchemaColumn[], words: readonly string[]): FoundColumn[] {
  return columns.flatMap((column) => {
    const marks = findWords(words, column.name.toLowerCase())
    return marks ? [{ column, marks }] : []
  })
}
