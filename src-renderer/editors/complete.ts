import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import { type Column, formatType } from '../../shared/data/types.ts'
import type { Parameter } from '../../shared/pipeline/schema.ts'
import { lexis, tokenizeSql } from '../../shared/sql/placeholders.ts'
import { statementAt, statementsOf } from '../../shared/sql/statements.ts'
import { sqlDialects } from './dialects.ts'
import { duckdbFunctions, functionOption, type KnownFunction } from './function-options.ts'
import { type EditorDialect, nameText } from './names.ts'
import { bareName, type MentionedTable } from './sql-names.ts'
import { type NamedColumn, SqlScope } from './sql-scope.ts'

export interface KnownTable {
  schema: string | null
  name: string
  kind?: string
}

/**
 * What SQL can name at this place, asked for when it is needed. Lists that did not change are the same objects again: their options are made once,
 * not with every key.
 */
export interface SqlNames {
  dialect: EditorDialect
  /** Columns that need no table: those that arrive. */
  columns?: readonly Column[]
  parameters?: readonly Parameter[]
  tables?(): Promise<readonly KnownTable[]>
  /** DuckDB's own when left out. */
  functions?(): Promise<readonly KnownFunction[]>
  columnsOf?(table: { catalog?: string | null; schema: string | null; name: string }): Promise<readonly Column[]>
  /** Schemas and tables behind names that tables are reached by, the outermost first. */
  within?(path: readonly string[]): Promise<readonly KnownTable[]>
}

const insideText = /String|Comment/
const wordBefore = /[\p{L}_][\p{L}\p{N}_$]*$/u
const identifier = String.raw`(?:"(?:[^"]|"")+"|\x60(?:[^\x60]|\x60\x60)+\x60|[\p{L}_][\p{L}\p{N}_$]*)`
/** All names before the one that is typed, each with its dot. */
const owning = new RegExp(String.raw`(?:${identifier}\.)+$`, 'u')
const part = new RegExp(identifier, 'gu')
const partsOf = (path: string) => [...path.matchAll(part)].map(([text]) => bareName(text))

/** Names, keywords and functions for the place of the caret. */
export async function completeSql(context: CompletionContext, names: SqlNames): Promise<CompletionResult | null> {
  const before = context.state.doc.sliceString(0, context.pos)
  const parameter = /(^|[^:\w]):(\w*)$/.exec(before)
  if (parameter) {
    return result(context.pos - (parameter[2]?.length ?? 0) - 1, (names.parameters ?? []).map(parameterOption))
  }
  if (insideText.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null
  const after = context.state.doc.sliceString(context.pos)
  const quoted = openQuote(before, names.dialect)
  const from = quoted?.from ?? context.pos - (wordBefore.exec(before)?.[0].length ?? 0)
  const typed = before.slice(from)
  const closing = quoted && after.startsWith(quoted.quote) ? 1 : 0
  // A name that is still open would take the rest of the statement for its own.
  const sql = quoted ? before.slice(0, from) + after.slice(closing) : before + after
  const path = owning.exec(before.slice(0, from))?.[0]
  if (path === undefined && typed === '' && !context.explicit) return null
  const scope = scopeAt(sql, from, names)
  const rank = wantsTable.test(before.slice(0, from)) ? 0 : 3
  const options =
    path === undefined ? await namesAt(scope, names, typed, rank) : await membersOf(partsOf(path), scope, names)
  return quoted ? resultInQuotes(from, context.pos + closing, quoted.quote, options) : result(from, options)
}

/** Tables go before columns behind these words. */
const wantsTable = /(?<!\bdistinct\s+)\b(?:from|join|into|update|table)\s+$/i

/** What the statement at the caret reads. */
function scopeAt(text: string, position: number, names: SqlNames): SqlScope {
  const { sql, start } = statementAt(statementsOf(text, names.dialect), position) ?? { sql: text, start: 0 }
  return new SqlScope(sql, names.dialect, (table) => columnsOf(table, names), { caret: position - start })
}

/** The quoted name that is being typed, where there is one: it has a quote too few. */
function openQuote(before: string, dialect: EditorDialect): { from: number; quote: string } | undefined {
  const last = tokenizeSql(before, lexis[dialect]).at(-1)
  const quote = last?.text[0] ?? ''
  if (last?.type !== 'opaque' || (quote !== '"' && quote !== '`')) return undefined
  return last.text.split(quote).length % 2 === 0 ? { from: last.start, quote } : undefined
}

const result = (from: number, options: readonly Completion[]): CompletionResult => ({
  from,
  options,
  validFor: /^:?[\p{L}\p{N}_$]*$/u,
})

const named = ['property', 'class', 'variable']

/** What can stand in quotes, from behind the first one to the last. */
function resultInQuotes(from: number, to: number, quote: string, all: readonly Completion[]): CompletionResult {
  const always = (name: string) => quote + name.replaceAll(quote, quote + quote) + quote
  const options = all.flatMap((option) => {
    const text = typeof option.apply === 'string' ? option.apply : option.label
    return named.includes(option.type ?? '') ? [{ ...option, apply: partsOf(text).map(always).join('.').slice(1) }] : []
  })
  return { from: from + 1, to, options, validFor: /^[^"`]*$/ }
}

/** What is behind the names of a path, the outermost first: columns of a table, tables of a schema, or what is deeper. */
async function membersOf(path: readonly string[], scope: SqlScope, names: SqlNames): Promise<Completion[]> {
  const owner = path.at(-1) ?? ''
  // A schema behind FROM reads like a table as long as nothing stands behind its dot.
  const columns = unique(await scope.behind(owner))
  if (columns.length > 0) return columnOptions(columns, names.dialect, 3)
  const known = ((await names.tables?.()) ?? []).filter(({ schema }) => schema?.toLowerCase() === owner.toLowerCase())
  const within = known.length > 0 ? known : ((await names.within?.(path)) ?? [])
  return within.map((table) => tableOption(table, names.dialect, false))
}

/** @param rank of columns; tables have 1 */
async function namesAt(scope: SqlScope, names: SqlNames, typed: string, rank: number): Promise<Completion[]> {
  const { dialect } = names
  const mentioned = scope.tables.filter(({ name }) => name !== bareName(typed))
  const [tables, functions, ...columns] = await Promise.all([
    names.tables?.() ?? noTables,
    names.functions?.() ?? (dialect === 'duckdb' ? duckdbFunctions : noFunctions),
    ...mentioned.map((table) => scope.columnsOfTable(table)),
    ...scope.queries.map((query) => scope.columnsOfQuery(query)),
  ])
  const aliases = new Set([...mentioned.map(({ alias }) => alias), ...scope.queries.map(({ name }) => name)])
  return [
    ...columnOptions(unique([...(names.columns ?? []), ...columns.flat()]), dialect, rank),
    ...[...aliases].flatMap((alias) =>
      alias === null ? [] : [{ label: alias, apply: nameText(alias, dialect), type: 'variable', boost: 2 }],
    ),
    ...tableOptions(tables, dialect),
    ...functionOptions(functions, dialect),
    ...keywordOptions(dialect).filter(({ label }) => label.startsWith(typed.toLowerCase())),
  ]
}

const columnsOf = async (table: MentionedTable, names: SqlNames) => (await names.columnsOf?.(table)) ?? []

/** The first of each name. */
function unique(columns: readonly NamedColumn[]): NamedColumn[] {
  const seen = new Set<string>()
  return columns.filter(({ name }) => !seen.has(name) && seen.add(name))
}

const columnOptions = (columns: readonly NamedColumn[], dialect: EditorDialect, boost: number): Completion[] =>
  columns.map(({ name, type }, index) => ({
    label: name,
    // In the order of the table.
    sortText: String(index).padStart(5, '0'),
    apply: nameText(name, dialect),
    ...(type && { detail: formatType(type) }),
    type: 'property',
    boost,
  }))

function tableOption({ schema, name, kind }: KnownTable, dialect: EditorDialect, qualified: boolean): Completion {
  const ordinary = schema === null || schema === 'public' || schema === 'main'
  const apply =
    qualified && !ordinary ? `${nameText(schema, dialect)}.${nameText(name, dialect)}` : nameText(name, dialect)
  return { label: name, apply, detail: ordinary ? (kind ?? 'table') : schema, type: 'class', boost: 1 }
}

const parameterOption = ({ name, type, description }: Parameter): Completion => ({
  label: `:${name}`,
  detail: type,
  type: 'constant',
  ...(description !== undefined && { info: description }),
})

/** Options of a list, made once for as long as the list is the same object. */
function madeOnce<T>(make: (list: readonly T[], dialect: EditorDialect) => Completion[]) {
  const made = new WeakMap<readonly T[], Map<EditorDialect, Completion[]>>()
  return (list: readonly T[], dialect: EditorDialect): readonly Completion[] => {
    const known = made.get(list) ?? new Map<EditorDialect, Completion[]>()
    const options = known.get(dialect) ?? make(list, dialect)
    made.set(list, known.set(dialect, options))
    return options
  }
}

const noTables: readonly KnownTable[] = []
const noFunctions: readonly KnownFunction[] = []

const tableOptions = madeOnce((tables: readonly KnownTable[], dialect) => {
  const several = new Set(tables.map(({ schema }) => schema)).size > 1
  return tables.map((table) => tableOption(table, dialect, several))
})

const functionOptions = madeOnce((functions: readonly KnownFunction[], dialect) =>
  functions.map((each) => functionOption(each, dialect)),
)

const keywords = new Map<EditorDialect, Completion[]>()

function keywordOptions(dialect: EditorDialect): Completion[] {
  const known = keywords.get(dialect)
  if (known) return known
  const words = (sqlDialects[dialect].spec.keywords ?? '').split(' ')
  const options = words.filter((text) => text !== '').map((label) => ({ label, type: 'keyword', boost: -2 }))
  keywords.set(dialect, options)
  return options
}
