import type { DuckSession } from '../duck/session.ts'
import { isPart, type Part, partsOf, textOf } from '../lineage/json.ts'
import type { Source } from './source.ts'

/** How a query reads a source. */
export interface Reading {
  source: Source
  /** Positions of the columns that it reads; at least one, since rows must come even where they are only counted. */
  columns: number[]
  /** Whether it may read the rows more than once, so that they must be held. */
  again: boolean
}

/** How the plan of a query over views reads the sources behind them. Those that it does not read are absent. */
export async function readingsOf(session: DuckSession, sql: string, sources: readonly Source[]): Promise<Reading[]> {
  const text = (await session.text(`EXPLAIN (FORMAT json) ${sql}`)).flat().at(-1) ?? '[]'
  const plans: unknown = JSON.parse(text)
  const parts = [...partsUnder(plans)]
  const scans = parts.filter((part) => textOf(part, 'name').trim() === 'READ_CSV').map(fieldsOf)
  // A scan that only counts rows names no field, so it may be of any source.
  const nameless = scans.filter((fields) => fields.length === 0).length
  const repeated = parts.some((part) => /REC.*CTE|RECURSIVE/.test(textOf(part, 'name')))
  return sources.flatMap((source) => {
    const own = scans.map((fields) => positionsOf(fields, source)).filter((columns) => columns.length > 0)
    const most = own.length + nameless
    if (most === 0) return []
    const columns = [...new Set(own.flat())].sort((a, b) => a - b)
    return [{ source, columns: columns.length === 0 ? [0] : columns, again: repeated || most > 1 }]
  })
}

function* partsUnder(value: unknown): Generator<Part> {
  if (Array.isArray(value)) for (const item of value) yield* partsUnder(item)
  else if (isPart(value)) {
    yield value
    yield* partsUnder(partsOf(value, 'children'))
  }
}

/** The fields that a scan of the plan reads. */
export function fieldsOf(scan: Part): string[] {
  const read = isPart(scan.extra_info) ? scan.extra_info.Projections : undefined
  return (Array.isArray(read) ? read : [read]).map((name) => String(name ?? '')).filter((name) => name !== '')
}

/** Positions of a source's columns among the fields. */
export function positionsOf(fields: readonly string[], { id }: Source): number[] {
  return fields.flatMap((field) => (field.startsWith(`${id}_`) ? [Number(field.slice(id.length + 1))] : []))
}
