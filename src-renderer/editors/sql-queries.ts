import { plain } from '../../shared/sql/statements.ts'
import type { EditorDialect } from './names.ts'
import { bareName, name, namesOnly } from './sql-names.ts'

/** A query within another that goes by a name: behind FROM, or of WITH. */
export interface NamedQuery {
  kind: 'from' | 'with'
  name: string
  sql: string
  /** Where `sql` begins. */
  start: number
  /** Not within other parentheses. */
  outside: boolean
  /** Names that it gives its columns: `r(a, b)`. */
  columns: string[]
}

/** What a query selects. A star is of one source, or of all. */
export type SelectItem =
  | { kind: 'star'; owner: string | undefined }
  | { kind: 'column'; owner: string | undefined; column: string; name: string }
  | { kind: 'computed'; name: string | undefined }

/** Characters around a query in which its name is looked for. */
const near = 500

const list = String.raw`(?:\s*\(([^()]*)\))?`
const behindWith = new RegExp(String.raw`(${name})${list}\s+as\s+(?:(?:not\s+)?materialized\s+)?$`, 'iu')
const behindFrom = /(?:\b(?:from|join|lateral)|,)\s*$/i
const words =
  'on|using|where|join|left|right|inner|full|cross|natural|group|order|limit|set|having|union|intersect|except|window|offset|from|and|or'
const alias = new RegExp(String.raw`^\s*(?:as\s+)?(?!(?:${words})\b)(${name})${list}`, 'iu')

/** The queries that go by a name, at any depth. Half-written SQL gives what can be seen already. */
export function namedQueries(sql: string, dialect: EditorDialect): NamedQuery[] {
  const shape = plain(sql, dialect)
  const text = namesOnly(sql, dialect)
  const { depths, closing } = parentheses(shape)
  return [...shape.matchAll(/\(\s*(?=(?:select|with|values|from|table)\b)/gi)].flatMap(({ index }): NamedQuery[] => {
    const depth = depths[index] ?? 0
    const close = closing.get(index)
    if (close === undefined) return []
    const query = { sql: sql.slice(index + 1, close), start: index + 1, outside: depth === 0 }
    const before = text.slice(Math.max(0, index - near), index)
    const found =
      behindWith.exec(before) ?? (behindFrom.test(before) ? alias.exec(text.slice(close + 1, close + near)) : null)
    const [, called, columns = ''] = found ?? []
    if (called === undefined) return []
    const kind = behindWith.test(before) ? 'with' : 'from'
    const named = columns.split(',').map((column) => bareName(column.trim()))
    return [{ ...query, kind, name: bareName(called), columns: named.filter((column) => column !== '') }]
  })
}

/** How many parentheses are around each character, those of a pair being outside of it; and where each pair ends. */
function parentheses(shape: string): { depths: number[]; closing: Map<number, number> } {
  const open: number[] = []
  const closing = new Map<number, number>()
  const depths = Array.from({ length: shape.length }, (_, at) => {
    const from = shape[at] === ')' ? open.pop() : undefined
    if (from !== undefined) closing.set(from, at)
    const depth = open.length
    if (shape[at] === '(') open.push(at)
    return depth
  })
  return { depths, closing }
}

/** The text with what stands in parentheses blanked. */
export function outermost(text: string, shape: string): string {
  const { depths } = parentheses(shape)
  return Array.from({ length: text.length }, (_, at) => (depths[at] === 0 ? text[at] : ' ')).join('')
}

const select = /\bselect\b(?:\s+(?:all|distinct)\b(?:\s+on\s*\(\s*\))?)?/i
const ends = /\b(?:from|where|group|having|order|limit|union|intersect|except|window|into|qualify)\b/i

/** What the query selects, in order. */
export function selectItems(sql: string, dialect: EditorDialect): SelectItem[] {
  const all = plain(sql, dialect)
  const shape = outermost(all, all)
  const begin = select.exec(shape)
  if (!begin) return []
  const from = begin.index + begin[0].length
  const rest = shape.slice(from)
  const text = outermost(namesOnly(sql, dialect), all).slice(from, from + (ends.exec(rest)?.index ?? rest.length))
  const items: SelectItem[] = []
  let at = 0
  for (const part of rest.slice(0, text.length).split(',')) {
    items.push(itemOf(text.slice(at, at + part.length).trim()))
    at += part.length + 1
  }
  return items
}

const star = new RegExp(String.raw`^(?:${name}\s*\.\s*)*?(?:(${name})\s*\.\s*)?\*`, 'iu')
const column = new RegExp(
  String.raw`^(?:${name}\s*\.\s*)*?(?:(${name})\s*\.\s*)?(${name})(?:\s+(?:as\s+)?(${name}))?$`,
  'iu',
)
const explicit = new RegExp(String.raw`\bas\s+(${name})$`, 'iu')
const implicit = new RegExp(String.raw`(?:(${name})|[)\d])\s+(${name})$|\)(${name})$`, 'iu')
/** What a name behind is part of an expression. */
const operators =
  /^(?:and|or|not|like|ilike|is|in|between|then|else|when|case|collate|div|mod|xor|escape|over|distinct)$/i

function itemOf(text: string): SelectItem {
  const all = star.exec(text)
  if (all) return { kind: 'star', owner: all[1] && bareName(all[1]) }
  const plainly = column.exec(text)
  if (plainly) {
    const [, owner, from = '', as] = plainly
    return { kind: 'column', owner: owner && bareName(owner), column: bareName(from), name: bareName(as ?? from) }
  }
  const given = explicit.exec(text)?.[1]
  if (given !== undefined) return { kind: 'computed', name: bareName(given) }
  const [, before = '', behind, close] = implicit.exec(text) ?? []
  const called = close ?? (operators.test(before) ? undefined : behind)
  return { kind: 'computed', name: called && !/^end$/i.test(called) ? bareName(called) : undefined }
}
