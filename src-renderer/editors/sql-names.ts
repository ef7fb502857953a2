import { lexis, tokenizeSql } from '../../shared/sql/placeholders.ts'
import type { EditorDialect } from './names.ts'

/** A table that a statement reads or changes. */
export interface MentionedTable {
  /** The first of three parts. */
  catalog?: string | null
  schema: string | null
  name: string
  /** What the statement calls it, where that is another name. */
  alias: string | null
}

/** A name in SQL, in quotes or not; for regular expressions. */
export const name = String.raw`(?:"(?:[^"]|"")+"|\x60(?:[^\x60]|\x60\x60)+\x60|\[[^\]]+\]|[\p{L}_][\p{L}\p{N}_$]*)`
const table = String.raw`(${name})(?:\s*\.\s*(${name}))?(?:\s*\.\s*(${name}))?(?:\s+(?:as\s+)?(?!${String.raw`(?:on|using|where|when|join|left|right|inner|full|cross|natural|group|order|limit|set|values|having|union|window|qualify|offset|returning|add|drop|alter|rename)\b`})(${name}))?`
const before = String.raw`from|join|update|into|using|alter\s+table(?:\s+if\s+exists)?(?:\s+only)?|\bindex\b[^;()]*?\son`
const after = new RegExp(String.raw`\b(?:${before})\s+${table}`, 'giu')
const next = new RegExp(String.raw`^\s*,\s*${table}`, 'iu')

/** Tables that stand behind FROM, JOIN, UPDATE, INTO and the like. Half-written SQL gives what can be seen already. */
export function mentionedTables(sql: string, dialect: EditorDialect): MentionedTable[] {
  const text = namesOnly(sql, dialect)
  const found: MentionedTable[] = []
  for (const match of text.matchAll(after)) {
    found.push(mentioned(match))
    let rest = text.slice(match.index + match[0].length)
    for (let more = next.exec(rest); more; more = next.exec(rest)) {
      found.push(mentioned(more))
      rest = rest.slice(more[0].length)
    }
  }
  return found
}

/** The SQL with strings and comments replaced by spaces; quoted names stay. */
export function namesOnly(sql: string, dialect: EditorDialect): string {
  return tokenizeSql(sql, lexis[dialect])
    .map(({ type, text }) => {
      const name = type === 'opaque' && /^["`[]/.test(text)
      return type === 'text' || type === 'placeholder' || name ? text : ' '.repeat(text.length)
    })
    .join('')
}

function mentioned([, first = '', second, third, alias]: RegExpMatchArray | RegExpExecArray): MentionedTable {
  const parts = [first, second, third].filter((text) => text !== undefined).map(bareName)
  return {
    ...(third !== undefined && { catalog: parts.at(-3) ?? null }),
    schema: parts.at(-2) ?? null,
    name: parts.at(-1) ?? '',
    alias: alias === undefined ? null : bareName(alias),
  }
}

/** A name without its quotes. */
export function bareName(text: string): string {
  const quote = text[0] ?? ''
  if (quote === '[') return text.slice(1, text.endsWith(']') ? -1 : undefined)
  if (quote !== '"' && quote !== '`') return text
  return text.slice(1, text.endsWith(quote) && text.length > 1 ? -1 : undefined).replaceAll(quote + quote, quote)
}
