import { type Column, uniqueNames } from '../../../shared/data/types.ts'
import { AppError, toAppError } from '../../../shared/errors.ts'
import { nearestFew } from '../../../shared/nearest.ts'
import type { Database, TableColumn, TableInfo, TableRef } from '../../dialects/dialect.ts'
import type { Mention } from './statement.ts'

/** What is asked of a database whose tables are read. */
export type SourceDatabase = Pick<
  Database,
  'dialect' | 'config' | 'session' | 'describe' | 'tables' | 'table' | 'close'
>

/** Connections by name, for one statement over several of them. */
export interface Connections {
  /** Every name that `open` would find. */
  names(): Promise<readonly string[]>
  /** @throws AppError CONNECTION_*, VAULT_LOCKED, saying in words what is wrong */
  open(name: string): Promise<SourceDatabase>
}

/** A table of a connection that a statement reads, however often it mentions it. */
export interface Source {
  /** Names its fields in plans: `s0`. */
  id: string
  connection: string
  database: SourceDatabase
  table: TableInfo
  /** Its columns in the engine, in the table's order, under names that are unique there. */
  columns: Column[]
  /** Whether a column has its type by definition, and not by the values that were looked at. */
  certain: boolean[]
  /** The names it goes by in the engine: catalog, schema, table. */
  names: { catalog: string; schema: string; table: string }[]
}

/** Catalogs that the engine has for itself. */
const ownCatalogs = new Set(['main', 'memory', 'system', 'temp'])
/** The schema that the engine looks for a table of two parts in. */
const defaultSchema = 'main'

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** The connections and tables behind mentions. */
export class Sources implements AsyncDisposable {
  private readonly connections: Connections
  private readonly signal: AbortSignal
  private readonly databases = new Map<string, Promise<SourceDatabase>>()

  constructor(connections: Connections, signal: AbortSignal) {
    this.connections = connections
    this.signal = signal
  }

  /** @throws AppError CONNECTION_*, QUERY_MISSING, QUERY_CONFLICT, each with the place of the mention */
  async resolve(mentions: readonly Mention[]): Promise<Source[]> {
    const keyOf = ({ connection, schema, table }: Mention) => JSON.stringify([connection, schema ?? null, table])
    const once = new Map(mentions.toReversed().map((mention) => [keyOf(mention), mention]))
    const found = await Promise.all([...once.values()].map((mention) => this.find(mention)))
    const sources = new Map<string, Source>()
    const taken = new Map<string, string>()
    for (const { mention, connection, database, table, columns } of found) {
      const key = JSON.stringify([connection, table.schema ?? '', table.name])
      const name = { catalog: connection, schema: mention.schema ?? defaultSchema, table: mention.table }
      const spelled = JSON.stringify(Object.values(name).map((part) => part.toLowerCase()))
      if ((taken.get(spelled) ?? key) !== key) throw ambiguous(mention)
      const known = sources.get(key)
      if (known && !taken.has(spelled)) known.names.push(name)
      taken.set(spelled, key)
      if (known) continue
      const certain = table.columns.map((column, index) => isCertain(database, column, columns[index]))
      sources.set(key, { id: `s${sources.size}`, connection, database, table, columns, certain, names: [name] })
    }
    return [...sources.values()]
  }

  private async find(mention: Mention) {
    const connection = await this.nameOf(mention)
    if (ownCatalogs.has(connection.toLowerCase())) throw reserved(connection, mention)
    const told = (error: unknown) => {
      throw placed(ofConnection(error, connection), mention)
    }
    const database = await this.open(connection).catch(told)
    const table = await findTable(database, mention).catch(told)
    if (!table) throw placed(await missing(database, mention), mention)
    const columns = await this.columnsOf(database, table).catch(told)
    return { mention, connection, database, table, columns }
  }

  /** The connection's own spelling. */
  private async nameOf(mention: Mention): Promise<string> {
    const names = await this.connections.names()
    const exact = names.find((name) => name === mention.connection)
    const [alike, other] = names.filter((name) => same(name, mention.connection))
    if (exact !== undefined && other === undefined) return exact
    if (alike !== undefined && other !== undefined) {
      throw new AppError('QUERY_CONFLICT', `${alike} and ${other} differ only in case, which SQL does not see.`, {
        hint: 'Rename one of the connections.',
        at: { position: mention.position },
      })
    }
    if (alike !== undefined) return alike
    const near = nearestFew(mention.connection, names)
    throw new AppError('CONNECTION_UNKNOWN', `There is no connection "${mention.connection}".`, {
      hint:
        near.length > 0
          ? `Did you mean ${near.join(' or ')}?`
          : `Tables are named connection.schema.table or connection.table. Connections: ${names.join(', ') || 'none'}.`,
      at: { connection: mention.connection, position: mention.position },
    })
  }

  private open(name: string): Promise<SourceDatabase> {
    const opened = this.databases.get(name) ?? this.connections.open(name)
    this.databases.set(name, opened)
    return opened
  }

  /** Types as a read of the table gives them, which may say more than its definition. */
  private async columnsOf(database: SourceDatabase, table: TableInfo): Promise<Column[]> {
    if (table.columns.length === 0) {
      throw new AppError('QUERY_MISSING', `The table ${table.name} has no columns, so it has no rows to read.`)
    }
    const all = table.columns.map((_, index) => index)
    const described = await database.describe({ sql: selectOf(database, table, all) }, this.signal)
    return uniqueNames(
      table.columns.map(({ name }, index) => ({ name, type: described[index]?.type ?? { kind: 'text' } })),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.allSettled(this.databases.values())
    await Promise.allSettled(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)))
  }
}

/** SQLite takes any words for a type, and looks at values where they say nothing. */
function isCertain(
  { dialect }: SourceDatabase,
  { type, databaseType }: TableColumn,
  described: Column | undefined,
): boolean {
  if (dialect.id !== 'sqlite') return true
  return type.kind === described?.type.kind && (type.kind !== 'text' || /char|clob|text|string/i.test(databaseType))
}

/** `SELECT` of some columns of a table, in the dialect of its database. */
export function selectOf({ dialect }: SourceDatabase, table: TableInfo, columns: readonly number[]): string {
  const fields = columns.map((index) => dialect.quote(table.columns[index]?.name ?? ''))
  const place = [table.schema, table.name].filter((part) => part !== undefined)
  return `SELECT ${fields.join(', ')} FROM ${place.map((part) => dialect.quote(part)).join('.')}`
}

/** As it is spelled, else the one that differs only in case: unquoted names are spelled as anyone likes. */
async function findTable(database: SourceDatabase, { schema, table: name }: Mention): Promise<TableInfo | undefined> {
  const ref = { name, ...(schema !== undefined && { schema }) }
  const exact = await database.table(ref)
  if (exact) return exact
  const all = await database.tables()
  const own = schema ?? (await schemaInUse(database, all))
  const [alike, other] = all.filter(
    (one) => same(one.name, name) && (own === undefined || same(one.schema ?? defaultSchema, own)),
  )
  if (!alike || other) return undefined
  return database.table({ name: alike.name, ...(alike.schema !== undefined && { schema: alike.schema }) })
}

/** The schema that names without one are looked for in; undefined where there is but one. */
async function schemaInUse({ dialect, config }: SourceDatabase, all: readonly TableRef[]): Promise<string | undefined> {
  if (dialect.id === 'sqlite' || all.every(({ schema }) => schema === all[0]?.schema)) return undefined
  return dialect.id === 'mysql' ? config.database : 'public'
}

async function missing(database: SourceDatabase, mention: Mention): Promise<AppError> {
  const { connection, schema, table } = mention
  const all = await database.tables()
  const schemas = [...new Set(all.map((one) => one.schema ?? defaultSchema))]
  const written = [connection, schema, table].filter((part) => part !== undefined).join('.')
  const named = (one: TableRef) =>
    `${connection}.${schema === undefined && one.schema === undefined ? '' : `${one.schema ?? defaultSchema}.`}${one.name}`
  const noSchema = schema !== undefined && !schemas.some((known) => same(known, schema))
  const near = noSchema
    ? all.filter((one) => same(one.name, table)).map(named)
    : nearestFew(
        table,
        all.map(({ name }) => name),
      ).flatMap((name) => all.filter((one) => one.name === name).map(named))
  const hint =
    near.length > 0
      ? `Did you mean ${[...new Set(near)].slice(0, 3).join(' or ')}?`
      : noSchema
        ? `Its schemas: ${schemas.slice(0, 10).join(', ') || 'none'}.`
        : 'The tables of a connection are listed beside the editor.'
  return new AppError('QUERY_MISSING', `There is no table ${written}.`, { hint })
}

/** What a database says, with the name of its connection. */
export function ofConnection(error: unknown, connection: string): AppError {
  const { code, message, hint, at, retryable, sqlState, cause } = toAppError(error)
  const { position: _inItsSql, ...place } = at
  if (code === 'RUN_CANCELLED') return toAppError(error)
  return new AppError(code, `${connection}: ${message}`, {
    hint,
    at: { ...place, connection },
    retryable,
    sqlState,
    cause,
  })
}

function placed(error: AppError, { connection, position }: Mention): AppError {
  const { code, message, hint, at, retryable, sqlState, cause } = error
  return new AppError(code, message, { hint, at: { connection, ...at, position }, retryable, sqlState, cause })
}

const ambiguous = ({ connection, table, position }: Mention) =>
  new AppError('QUERY_CONFLICT', `The name ${connection}.${table} stands for two tables in this statement.`, {
    hint: `Write the schema everywhere, and names that differ only in case in statements of their own.`,
    at: { position },
  })

const reserved = (connection: string, { position }: Mention) =>
  new AppError('QUERY_CONFLICT', `The engine uses the name ${connection} for itself.`, {
    hint: 'Give the connection another name to use it with others.',
    at: { connection, position },
  })
