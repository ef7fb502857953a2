import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import { type Column, formatType } from '../../shared/data/types.ts'
import type { Parameter } from '../../shared/pipeline/schema.ts'
import { sqlDialects } from './dialects.ts'
import { duckdbFunctions, functionOption, type KnownFunction } from './function-options.ts'
import { type EditorDialect, nameText } from './names.ts'
import { bareName, type MentionedTable, mentionedTables } from './sql-names.ts'

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
const identifier = String.raw`(?:"(?:[^"]|"")*"?|\x60[^\x60]*\x60?|[\p{L}_][\p{L}\p{N}_$]*)`
const member = new RegExp(String.raw`(${identifier})\.(${identifier})?$`, 'u')
const word = new RegExp(`${identifier}$`, 'u')
/** All names before the one that is typed, each with its dot. */
const owning = new RegExp(String.raw`(?:${identifier}\.)+$`, 'u')
const part = new RegExp(identifier, 'gu')

/** Names, keywords and functions for the place of the caret. */
export async function completeSql(context: CompletionContext, names: SqlNames): Promise<CompletionResult | null> {
  const before = context.state.doc.sliceString(0, context.pos)
  const parameter = /(^|[^:\w]):(\w*)$/.exec(before)
  if (parameter) {
    return result(context.pos - (parameter[2]?.length ?? 0) - 1, (names.parameters ?? []).map(parameterOption))
  }
  if (insideText.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null
  const sql = context.state.doc.toString()
  const path = member.exec(before)
  if (path) {
    const typed = path[2] ?? ''
    const from = context.pos - typed.length
    const found = await membersOf(bareName(path[1] ?? ''), sql, names)
    if (found.length > 0 || !names.within) return result(from, found)
    const owners = before.slice(0, from).match(owning)?.[0] ?? ''
    const within = await names.within([...owners.matchAll(part)].map(([text]) => bareName(text)))
    return result(
      from,
      within.map((table) => tableOption(table, names.dialect, false)),
    )
  }
  const typed = word.exec(before)?.[0]
  if (typed === undefined && !context.explicit) return null
  return result(context.pos - (typed?.length ?? 0), await namesAt(sql, names, typed ?? ''))
}

const result = (from: number, options: readonly Completion[]): CompletionResult => ({
  from,
  options,
  validFor: /^[:"`]?[\p{L}\p{N}_$]*$/u,
})

async function membersOf(owner: string, sql: string, names: SqlNames): Promise<Completion[]> {
  const same = (text: string | null) => text?.toLowerCase() === owner.toLowerCase()
  const tables = mentionedTables(sql, names.dialect)
  const meant = tables.find(({ alias, name }) => same(alias) || (alias === null && same(name)))
  if (meant) return columnOptions(await columnsOf(meant, names), names.dialect, 3)
  const known = (await names.tables?.()) ?? []
  return known.filter(({ schema }) => same(schema)).map((table) => tableOption(table, names.dialect, false))
}

async function namesAt(sql: string, names: SqlNames, typed: string): Promise<Completion[]> {
  const { dialect } = names
  const mentioned = mentionedTables(sql, dialect).filter(({ name }) => name !== bareName(typed))
  const [tables, functions, ...columns] = await Promise.all([
    names.tables?.() ?? noTables,
    names.functions?.() ?? (dialect === 'duckdb' ? duckdbFunctions : noFunctions),
    ...mentioned.map((table) => columnsOf(table, names)),
  ])
  const seen = new Set<string>()
  const inScope = [...(names.columns ?? []), ...columns.flat()].filter(({ name }) => !seen.has(name) && seen.add(name))
  return [
    ...columnOptions(inScope, dialect, 3),
    ...mentioned.flatMap(({ alias }) => (alias === null ? [] : [{ label: alias, type: 'variable', boost: 2 }])),
    ...tableOptions(tables, dialect),
    ...functionOptions(functions, dialect),
    ...keywordOptions(dialect).filter(({ label }) => label.startsWith(typed.toLowerCase())),
  ]
}

const columnsOf = async (table: MentionedTable, names: SqlNames) => (await names.columnsOf?.(table)) ?? []

const columnOptions = (columns: readonly Column[], dialect: EditorDialect, boost: number): Completion[] =>
  columns.map(({ name, type }) => ({
    label: name,
    apply: nameText(name, dialect),
    detail: formatType(type),
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
