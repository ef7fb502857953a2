import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import { Duck, type DuckOptions, type DuckSession } from '../duck/session.ts'
import { selectFromWire } from '../duck/wire.ts'
import { parseExactJson } from '../io/exact-json.ts'
import { isPart, type Part, partsOf, textOf } from '../lineage/json.ts'
import { type Predicate, predicateOf, some } from './filters.ts'
import type { Source } from './source.ts'

/** What the engine's plan says of a table. */
export interface Wanted {
  /** What the rows must pass to be of use to any of its scans; undefined when all of them are. */
  predicate: Predicate | undefined
  /** How many rows are enough; undefined when that is not known. */
  limit: number | undefined
}

/**
 * Optimisations that depend on what the tables hold, or hide a filter's place: what is learnt from a plan over empty tables must be true
 * of the full ones.
 */
export const dataDependent = [
  'statistics_propagation',
  'late_materialization',
  'compressed_materialization',
  'sampling_pushdown',
  'build_side_probe_side',
]

const nameOf = ({ catalog, schema, table }: Source['names'][number]) =>
  `${quoteName(catalog)}.${quoteName(schema)}.${quoteName(table)}`

/** Makes a catalog for each connection, and in it the schemas that the sources are named by. */
export async function createCatalogs(session: DuckSession, sources: readonly Source[]): Promise<void> {
  const names = sources.flatMap((source) => source.names)
  for (const catalog of new Set(names.map((name) => name.catalog))) {
    await session.run(`ATTACH ':memory:' AS ${quoteName(catalog)}`)
  }
  const schemas = new Set(names.map(({ catalog, schema }) => `${quoteName(catalog)}.${quoteName(schema)}`))
  for (const schema of schemas) await session.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
}

/** Empty tables with the columns of the sources. */
export async function createEmpty(session: DuckSession, sources: readonly Source[]): Promise<void> {
  for (const source of sources) {
    const fields = source.columns.map(({ name, type }) => `${quoteName(name)} ${duckType(type)}`).join(', ')
    await createAs(session, source, `TABLE`, `(${fields})`)
  }
}

/** Views that read the sources from their pipes. With `arriving` only these columns are on the wire. */
export async function createView(
  session: DuckSession,
  source: Source,
  path: string,
  arriving?: readonly number[],
): Promise<void> {
  await createAs(
    session,
    source,
    'VIEW',
    `AS ${selectFromWire(path, source.columns, source.id, { arriving, soon: true })}`,
  )
}

/** In place of its view, a table that holds what comes through its pipe. */
export async function createSpooled(session: DuckSession, source: Source, fill: (table: string) => Promise<unknown>) {
  const [first] = source.names
  if (!first) return
  const names = source.names.map(nameOf)
  const held = `${quoteName(first.catalog)}.${quoteName(first.schema)}.${quoteName(`${first.table} held`)}`
  await fill(held)
  for (const name of names) await session.run(`CREATE OR REPLACE VIEW ${name} AS FROM ${held}`)
}

async function createAs(session: DuckSession, { names }: Source, what: 'TABLE' | 'VIEW', rest: string): Promise<void> {
  const [first, ...others] = names.map(nameOf)
  if (first === undefined) return
  await session.run(`CREATE OR REPLACE ${what} ${first} ${rest}`)
  for (const other of others) await session.run(`CREATE OR REPLACE VIEW ${other} AS FROM ${first}`)
}

/** An engine to plan in; nothing runs there. */
export const openPlanner = (options: Pick<DuckOptions, 'spill'>): Promise<Duck> =>
  Duck.open({
    ...options,
    file: ':memory:',
    memoryMb: 128,
    threads: 1,
    folders: [],
    files: [],
    attach: [],
    withoutOptimizers: dataDependent,
  })

/**
 * What a bound query wants of each source, by the sources' ids: the filters that its plan puts on their scans. A plan that holds
 * something unknown wants everything.
 */
export async function wantedOf(
  session: DuckSession,
  sql: string,
  sources: readonly Source[],
): Promise<Map<string, Wanted>> {
  const [[text] = []] = await session.text(`SELECT json_serialize_plan(${quoteText(sql)}, optimize := true)`)
  const parsed = parseExactJson(withoutSpecials(text ?? '{}'))
  const scans = isPart(parsed) ? partsOf(parsed, 'plans').flatMap((plan) => scansOf(plan)) : []
  return new Map(
    sources.map((source) => {
      const [first] = source.names
      const own = scans.filter(({ scan }) => first !== undefined && reads(scan, first))
      const [only, more] = own
      return [
        source.id,
        { predicate: some(own.map(({ scan }) => predicateOf(scan))), limit: more ? undefined : only?.limit },
      ]
    }),
  )
}

interface Scan {
  scan: Part
  /** Rows that are taken of it when nothing lies between. */
  limit: number | undefined
}

function scansOf(plan: Part, limit?: number): Scan[] {
  const type = textOf(plan, 'type')
  if (type === 'LOGICAL_GET') return [{ scan: plan, limit: predicateOf(plan) ? undefined : limit }]
  const below = type === 'LOGICAL_LIMIT' ? rowsOf(plan) : type === 'LOGICAL_PROJECTION' ? limit : undefined
  return partsOf(plan, 'children').flatMap((child) => scansOf(child, below))
}

function rowsOf({ limit_val, offset_val }: Part): number | undefined {
  const [limit, offset] = [countOf(limit_val), countOf(offset_val)]
  return limit === undefined || limit === 'unset' || offset === undefined
    ? undefined
    : limit + (offset === 'unset' ? 0 : offset)
}

function countOf(value: unknown): number | 'unset' | undefined {
  if (!isPart(value)) return undefined
  if (value.type === 'UNSET') return 'unset'
  const count = value.constant_integer
  return value.type === 'CONSTANT_VALUE' && typeof count === 'number' ? count : undefined
}

function reads({ function_data }: Part, { catalog, schema, table }: Source['names'][number]): boolean {
  if (!isPart(function_data)) return false
  const read = ['catalog', 'schema', 'table'].map((key) => textOf(function_data, key).toLowerCase())
  return [catalog, schema, table].every((part, index) => part.toLowerCase() === read[index])
}

/** Plans hold numbers that JSON does not have. */
const withoutSpecials = (text: string) => text.replaceAll(/"value":-?(?:NaN|Infinity|nan|inf)\b/g, '"value":null')
