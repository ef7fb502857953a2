import type { DialectId } from '../../../../shared/connections.ts'
import { lexis, tokenizeSql } from '../../../../shared/sql/placeholders.ts'

/** A name in SQL; one without quotes may stand for another spelling. */
export interface SqlName {
  text: string
  quoted: boolean
}

/** A SELECT from one table. */
export interface SingleSource {
  schema: SqlName | undefined
  table: SqlName
  /** `*`, a column of the table, or null for anything computed. */
  items: ('*' | SqlName | null)[]
}

type Word = { kind: 'name'; name: SqlName } | { kind: 'other'; text: string }

const ends = new Set(['where', 'order', 'limit', 'offset', 'fetch', 'for'])
const combines = new Set(['join', 'group', 'having', 'union', 'intersect', 'except', 'window', ',', 'natural', 'cross'])

/** What a query reads when that is one table, row by row; undefined for any other. Words alone are looked at. */
export function singleSource(sql: string, dialect: DialectId): SingleSource | undefined {
  const words = topLevel(sql, dialect)
  const from = words.findIndex((word) => isWord(word, 'from'))
  if (!isWord(words[0], 'select') || from < 0) return undefined
  const list = words.slice(1, from)
  if (isWord(list[0], 'distinct')) return undefined
  const rest = words.slice(from + 1)
  const names: SqlName[] = []
  let at = 0
  for (; ; at += 2) {
    const word = rest[at]
    if (word?.kind !== 'name') return undefined
    names.push(word.name)
    if (!isWord(rest[at + 1], '.')) break
  }
  at++
  if (isWord(rest[at], 'as')) at++
  const alias = rest[at]
  const named = alias?.kind === 'name' && (alias.name.quoted || !isKeyword(alias.name.text)) ? alias.name : undefined
  if (named) at++
  const tail = rest.slice(at)
  const next = tail[0]
  if (next && !(next.kind === 'name' && !next.name.quoted && ends.has(next.name.text.toLowerCase()))) return undefined
  if (tail.some((word) => [...combines].some((text) => text !== ',' && isWord(word, text)))) return undefined
  const table = names.at(-1)
  if (!table || names.length > 2) return undefined
  const qualifier = named ?? table
  return {
    schema: names.length === 2 ? names[0] : undefined,
    table,
    items: splitItems(list).map((item) => itemOf(item, qualifier)),
  }
}

const isKeyword = (text: string) =>
  ends.has(text.toLowerCase()) ||
  combines.has(text.toLowerCase()) ||
  /^(left|right|inner|full|outer|on|using|tablesample|lateral)$/i.test(text)

function isWord(word: Word | undefined, text: string): boolean {
  if (word?.kind === 'name') return !word.name.quoted && word.name.text.toLowerCase() === text
  return word?.kind === 'other' && word.text === text
}

function itemOf(item: readonly Word[], qualifier: SqlName): '*' | SqlName | null {
  const words = [...item]
  const [first, dot] = words
  if (first?.kind === 'name' && isWord(dot, '.')) {
    if (first.name.text.toLowerCase() !== qualifier.text.toLowerCase()) return null
    words.splice(0, 2)
  }
  const [column, as, alias] = words
  if (isWord(column, '*') && words.length === 1) return '*'
  if (column?.kind !== 'name') return null
  const plain = words.length === 1 || (words.length === 2 && as?.kind === 'name')
  return plain || (words.length === 3 && isWord(as, 'as') && alias?.kind === 'name') ? column.name : null
}

function splitItems(words: readonly Word[]): Word[][] {
  const items: Word[][] = [[]]
  for (const word of words) {
    if (isWord(word, ',')) items.push([])
    else items.at(-1)?.push(word)
  }
  return items
}

/** Words outside parentheses; what stands in them is one word. */
function topLevel(sql: string, dialect: DialectId): Word[] {
  const words: Word[] = []
  let depth = 0
  const add = (word: Word) => {
    if (depth === 0) words.push(word)
  }
  for (const { type, text } of tokenizeSql(sql, lexis[dialect])) {
    if (type === 'comment' || type === 'mark') continue
    if (type === 'opaque') {
      const name = quotedName(text, dialect)
      add(name === undefined ? { kind: 'other', text } : { kind: 'name', name: { text: name, quoted: true } })
      continue
    }
    for (const part of text.match(/[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|[^\s\w]/g) ?? []) {
      if (part === '(') {
        add({ kind: 'other', text: '()' })
        depth++
      } else if (part === ')') depth--
      else
        add(
          /^[A-Za-z_\u0080-\uffff]/.test(part) && type === 'text'
            ? { kind: 'name', name: { text: part, quoted: false } }
            : { kind: 'other', text: part },
        )
    }
  }
  return words
}

function quotedName(text: string, dialect: DialectId): string | undefined {
  const quote = text[0]
  const names = dialect === 'mysql' ? '`' : dialect === 'sqlite' ? '"`[' : '"'
  if (quote === undefined || !names.includes(quote)) return undefined
  return quote === '[' ? text.slice(1, -1) : text.slice(1, -1).replaceAll(quote + quote, quote)
}
