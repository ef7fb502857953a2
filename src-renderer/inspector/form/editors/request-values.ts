import { textOf } from '../editor.ts'
import { isObject } from '../pruned.ts'

/** A header or a query parameter as a line of a form. */
export interface ValueLine {
  name: string
  kind: 'text' | 'secret'
  /** The value, or the name of the secret. */
  text: string
  /** Text before the secret. */
  prefix: string
  /** The value as the document has it: kept while its text is the same, so that numbers stay numbers. */
  was: unknown
}

export function readLines(value: unknown): ValueLine[] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, given]) => [given].flat().map((one) => lineOf(name, one)))
}

function lineOf(name: string, value: unknown): ValueLine {
  if (isObject(value) && typeof value.secret === 'string') {
    return { name, kind: 'secret', text: value.secret, prefix: textOf(value.prefix), was: value }
  }
  return { name, kind: 'text', text: textOf(value), prefix: '', was: value }
}

/** The record that the lines stand for; lines without a name wait. A name that comes again repeats the parameter, or wins. */
export function writeLines(lines: readonly ValueLine[], repeats: boolean): Record<string, unknown> | undefined {
  const named = Map.groupBy(
    lines.filter(({ name }) => name !== ''),
    ({ name }) => name,
  )
  const entries = [...named].map(([name, same]) => {
    const values = same.map(sentValue)
    return [name, repeats && values.length > 1 ? values : values.at(-1)] as const
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function sentValue({ kind, text, prefix, was }: ValueLine): unknown {
  if (kind === 'secret') return { secret: text, ...(prefix !== '' && { prefix }) }
  return !isObject(was) && textOf(was) === text ? was : text
}
