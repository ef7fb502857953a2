import type { Column, ColumnType } from '../../shared/data/types.ts'
import { plain } from '../../shared/sql/statements.ts'
import type { EditorDialect } from './names.ts'
import { type MentionedTable, mentionedTables, namesOnly } from './sql-names.ts'
import { type NamedQuery, namedQueries, outermost, selectItems } from './sql-queries.ts'

/** A column; the type is known where it is one of a table. */
export interface NamedColumn {
  name: string
  type?: ColumnType
}

/** Queries that are looked into to know the columns of one. */
const deepest = 10

/** What INSERT calls the row that it could not add. */
const refused = /^excluded$/i

const same = (a: string | null, b: string) => a?.toLowerCase() === b.toLowerCase()

/** What SQL reads, and the columns that are behind each name. */
export class SqlScope {
  readonly tables: readonly MentionedTable[]
  readonly queries: readonly NamedQuery[]
  private readonly sql: string
  private readonly dialect: EditorDialect
  private readonly columnsOf: (table: MentionedTable) => Promise<readonly Column[]>
  private readonly outer: SqlScope | undefined
  /** The queries whose columns are asked for, this being what the last of them reads. */
  private readonly within: readonly NamedQuery[]

  /** @param caret of several queries of a name, the nearest to it is meant */
  constructor(
    sql: string,
    dialect: EditorDialect,
    columnsOf: (table: MentionedTable) => Promise<readonly Column[]>,
    { caret = 0, outer, within = [] }: { caret?: number; outer?: SqlScope; within?: readonly NamedQuery[] } = {},
  ) {
    this.sql = sql
    this.dialect = dialect
    this.columnsOf = columnsOf
    this.outer = outer
    this.within = within
    this.tables = mentionedTables(sql, dialect)
    const distance = ({ start }: NamedQuery) => Math.abs(start - caret)
    this.queries = namedQueries(sql, dialect).sort((a, b) => distance(a) - distance(b))
  }

  /** Columns behind a name that the SQL gives to a table or a query. */
  async behind(owner: string): Promise<readonly NamedColumn[]> {
    const query = this.queries.find(({ kind, name }) => kind === 'from' && same(name, owner))
    if (query) return this.columnsOfQuery(query)
    const table = this.tables.find(({ alias, name }) => same(alias, owner) || (alias === null && same(name, owner)))
    if (table) return this.columnsOfTable(table)
    const known = this.known(owner)
    if (known) return known.scope.columnsOfQuery(known.query, this.within)
    const [target] = this.tables
    return target && refused.test(owner) && /\bon\s+conflict\b/i.test(this.sql) ? this.columnsOfTable(target) : []
  }

  /** Columns of a table, or of the query of WITH that goes by its name. */
  async columnsOfTable(table: MentionedTable): Promise<readonly NamedColumn[]> {
    const known = table.schema === null ? this.known(table.name) : undefined
    return known ? known.scope.columnsOfQuery(known.query, this.within) : this.columnsOf(table)
  }

  /** Columns that the query gives, as far as its text and the tables tell their names. */
  async columnsOfQuery(query: NamedQuery, within = this.within): Promise<readonly NamedColumn[]> {
    // One of WITH may name itself.
    if (within.includes(query) || within.length >= deepest) return []
    const { sql, columns: given } = query
    const inner = new SqlScope(sql, this.dialect, this.columnsOf, { outer: this, within: [...within, query] })
    const columns = await inner.selected()
    const all = Array.from({ length: Math.max(given.length, columns.length) }, (_, at): NamedColumn | undefined => {
      const name = given[at]
      return name === undefined ? columns[at] : { ...columns[at], name }
    })
    return all.filter((column) => column !== undefined)
  }

  private known(name: string): { scope: SqlScope; query: NamedQuery } | undefined {
    const query = this.queries.find((each) => each.kind === 'with' && same(each.name, name))
    return query ? { scope: this, query } : this.outer?.known(name)
  }

  private async selected(): Promise<(NamedColumn | undefined)[]> {
    const items = selectItems(this.sql, this.dialect)
    const sources = (owner: string | undefined) => (owner === undefined ? this.ofAll() : this.behind(owner))
    const found = await Promise.all(
      items.map(async (item) => {
        if (item.kind === 'star') return sources(item.owner)
        if (item.kind === 'computed') return [item.name === undefined ? undefined : { name: item.name }]
        const column = (await sources(item.owner)).find(({ name }) => same(name, item.column))
        return [{ ...column, name: item.name }]
      }),
    )
    return found.flat()
  }

  /** Columns of everything that stands behind its own FROM. */
  private async ofAll(): Promise<readonly NamedColumn[]> {
    const { sql, dialect } = this
    const tables = mentionedTables(outermost(namesOnly(sql, dialect), plain(sql, dialect)), dialect)
    const queries = this.queries.filter(({ kind, outside }) => kind === 'from' && outside)
    const found = await Promise.all([
      ...tables.map((table) => this.columnsOfTable(table)),
      ...queries.map((query) => this.columnsOfQuery(query)),
    ])
    return found.flat()
  }
}
