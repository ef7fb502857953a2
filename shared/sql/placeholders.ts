import { Blocks } from './blocks.ts'
import { commentEnd, delimiterAt, type Lexis, quotedEnd, runMarkEnd } from './scan.ts'

const plainRules: Lexis = {
  dollarQuotes: false,
  backslashes: false,
  nestedComments: false,
  hashComments: false,
  runComments: false,
  delimiters: false,
  brackets: false,
  blocks: 'none',
}

export const lexis: Record<'sqlite' | 'postgres' | 'mysql' | 'duckdb', Lexis> = {
  sqlite: { ...plainRules, brackets: true, blocks: 'triggers' },
  postgres: { ...plainRules, dollarQuotes: true, nestedComments: true, blocks: 'atomic' },
  mysql: {
    ...plainRules,
    backslashes: true,
    hashComments: true,
    runComments: true,
    delimiters: true,
    blocks: 'procedures',
  },
  duckdb: { ...plainRules, dollarQuotes: true, nestedComments: true },
}

/** Whose SQL it is: a database's, or the embedded engine's. */
export type SqlDialect = keyof typeof lexis

export type SqlToken =
  | { type: 'text'; text: string; start: number }
  | { type: 'placeholder'; name: string; text: string; start: number }
  /** A string or quoted identifier: never looked into. */
  | { type: 'opaque'; text: string; start: number }
  | { type: 'comment'; text: string; start: number }
  /** Where a comment begins or ends that the server runs. */
  | { type: 'mark'; text: string; start: number }
  /** What parts statements: a semicolon, a delimiter, or the line that names it. */
  | { type: 'end'; text: string; start: number }

/** Nothing that means something to the tokenizer. */
const ordinary = /[\w\s,.()=<>]+/y
const placeholder = /:([A-Za-z_][A-Za-z0-9_]*)/y

/** Cuts SQL into its tokens. Joining the texts gives the SQL back. */
export function tokenizeSql(sql: string, rules: Lexis): SqlToken[] {
  return new Tokenizer(sql, rules).tokens()
}

class Tokenizer {
  private readonly sql: string
  private readonly rules: Lexis
  private readonly found: SqlToken[] = []
  private at = 0
  private plainFrom = 0
  private delimiter: string | undefined
  /** Comments open at this place that the server runs. */
  private running = 0
  /** Nothing but spaces and comments stands before, back to the last end. */
  private fresh = true

  constructor(sql: string, rules: Lexis) {
    this.sql = sql
    this.rules = rules
  }

  tokens(): SqlToken[] {
    while (this.at < this.sql.length) this.step()
    this.flush()
    return this.found
  }

  private step(): void {
    const { sql, rules, at } = this
    if (this.mark()) return
    const comment = commentEnd(sql, at, rules)
    if (comment > at) return this.take('comment', comment)
    const quoted = quotedEnd(sql, at, rules)
    if (quoted > at) return this.take('opaque', quoted)
    if (this.end()) return
    if (sql[at] === ':') return this.colon()
    if (this.fresh && !/\s/.test(sql[at] ?? '')) this.fresh = false
    this.at++
    if (!this.fresh && this.delimiter === undefined) this.skip()
  }

  private skip(): void {
    ordinary.lastIndex = this.at
    if (ordinary.test(this.sql)) this.at = ordinary.lastIndex
  }

  private mark(): boolean {
    const { sql, rules, at } = this
    const begins = runMarkEnd(sql, at, rules)
    if (begins > at) {
      this.running++
      this.take('mark', begins)
      return true
    }
    if (this.running === 0 || !sql.startsWith('*/', at)) return false
    this.running--
    this.take('mark', at + 2)
    return true
  }

  private end(): boolean {
    const { sql, rules, at } = this
    const line = this.fresh ? delimiterAt(sql, at, rules) : undefined
    if (line) {
      this.delimiter = line.delimiter === ';' ? undefined : line.delimiter
      this.take('end', line.end)
      return true
    }
    if (this.delimiter !== undefined && sql.startsWith(this.delimiter, at)) {
      this.running = 0
      this.take('end', at + this.delimiter.length)
      return true
    }
    // What the server runs of a comment is part of a statement, with the semicolons that it holds.
    if (sql[at] !== ';' || this.running > 0) return false
    this.take('end', at + 1)
    return true
  }

  private colon(): void {
    const { sql, at } = this
    this.fresh = false
    placeholder.lastIndex = at
    // Behind a string it is what stands for a name in a value of DuckDB: `{'a':b}`.
    const name = /[\w)\]'"\u0080-\uffff]/.test(sql[at - 1] ?? ' ') ? undefined : placeholder.exec(sql)?.[1]
    if (sql[at + 1] === ':') this.at += 2
    else if (name === undefined) this.at++
    else {
      this.flush()
      this.found.push({ type: 'placeholder', name, text: `:${name}`, start: at })
      this.pass(at + 1 + name.length)
    }
  }

  private take(type: 'opaque' | 'comment' | 'mark' | 'end', end: number): void {
    const { sql, at } = this
    this.flush()
    this.found.push({ type, text: sql.slice(at, end), start: at })
    this.pass(end)
    if (type !== 'comment') this.fresh = type === 'end'
  }

  private flush(): void {
    const { sql, at, plainFrom } = this
    if (at > plainFrom) this.found.push({ type: 'text', text: sql.slice(plainFrom, at), start: plainFrom })
  }

  private pass(end: number): void {
    this.at = end
    this.plainFrom = end
  }
}

/** Names of the placeholders in order of first use. */
export function placeholderNames(sql: string, rules: Lexis): string[] {
  const names = tokenizeSql(sql, rules).flatMap((token) => (token.type === 'placeholder' ? [token.name] : []))
  return [...new Set(names)]
}

/** Rewrites every placeholder with what `render` gives for its name and its position among all placeholders (0-based). */
export function replacePlaceholders(
  sql: string,
  rules: Lexis,
  render: (name: string, index: number) => string,
): string {
  let index = 0
  return tokenizeSql(sql, rules)
    .map((token) => (token.type === 'placeholder' ? render(token.name, index++) : token.text))
    .join('')
}

/**
 * Splits SQL into its statements, without what ends them; stretches of nothing but space and comments are dropped. A trigger or
 * procedure is one statement, with the semicolons of its body.
 */
export function splitStatements(sql: string, rules: Lexis): { sql: string; start: number }[] {
  const statements: { sql: string; start: number }[] = []
  let blocks = new Blocks(rules.blocks)
  let start = 0
  let empty = true
  const cut = (end: number, next: number) => {
    if (!empty) statements.push({ sql: sql.slice(start, end), start })
    blocks = new Blocks(rules.blocks)
    start = next
    empty = true
  }
  for (const token of tokenizeSql(sql, rules)) {
    const end = token.start + token.text.length
    if (token.type === 'end' && !(token.text === ';' && blocks.open)) cut(token.start, end)
    else if (token.type !== 'comment') {
      blocks.take(token)
      if (token.text.trim() !== '') empty = false
    }
  }
  cut(sql.length, sql.length)
  return statements
}

/** The statement with its comments replaced by spaces, for looking at its first words. */
export function withoutComments(sql: string, rules: Lexis): string {
  return tokenizeSql(sql, rules)
    .map((token) => (token.type === 'comment' || token.type === 'mark' ? ' ' : token.text))
    .join('')
}
