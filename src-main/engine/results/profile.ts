import type { ColumnProfile, ProfileBar, RowFilter } from '../../../shared/contract/results.ts'
import { isFloat, isLoose, isMoment, isNumber } from '../../../shared/data/kinds.ts'
import type { Column, ColumnType } from '../../../shared/data/types.ts'
import { type Cell, cellText } from '../../../shared/data/wire.ts'
import { AppError } from '../../../shared/errors.ts'
import { duckType, quoteName, quoteText } from '../../../shared/sql/duckdb.ts'
import type { DuckSession } from '../duck/session.ts'
import { isLong, numberOf, shownValue, textOf } from './text.ts'

/** Beyond so many rows distinct values are estimated. */
const countedRows = 1_000_000
/** Steps of a histogram, and the most frequent values shown of others. */
const steps = 20
const frequent = 10
/** Characters of a value in a profile. */
const clip = 200

/** What the values of each column are like. @param select a SELECT of the rows */
export async function profileRows(
  session: Pick<DuckSession, 'rows'>,
  select: string,
  columns: readonly Column[],
): Promise<ColumnProfile[]> {
  if (columns.length === 0) return []
  const total = await count(session, `SELECT count(*) FROM (${select})`)
  const profiles: ColumnProfile[] = []
  for (const column of columns) {
    // Column by column: the distinct values of all of them at once can be more than memory holds.
    const measures = measuresOf(column, total > countedRows)
    const { rows } = await session.rows(`SELECT ${measures.join(', ')} FROM (${select})`)
    const [[filled, distinct, min, max, mean] = []] = rows
    const nulls = total - Number(filled ?? 0)
    profiles.push({
      column: column.name,
      rows: total,
      nulls,
      distinct: Math.min(Number(distinct ?? 0), Number(filled ?? 0)),
      min: extremeText(min ?? null, column.type),
      max: extremeText(max ?? null, column.type),
      ...(typeof mean === 'number' && { mean }),
      bars: await barsOf(session, select, column, Number(distinct ?? 0)),
    })
  }
  return profiles
}

async function count(session: Pick<DuckSession, 'rows'>, sql: string): Promise<number> {
  const { rows } = await session.rows(sql)
  return Number(rows[0]?.[0] ?? 0)
}

/** Five values a column: how many are not NULL, how many differ, least, greatest, mean. */
function measuresOf({ name, type }: Column, estimate: boolean): string[] {
  const value = quoteName(name)
  const text = textOf(value, type)
  const compared = type.kind === 'json' ? text : numberOf(value, type)
  const number = numberOf(value, type)
  const extreme = (which: 'min' | 'max') =>
    isLoose(type) ? `arg_${which}(${value}, ${number})` : `${which}(${compared})`
  // The hash of a long value stands for it: it takes less memory, and one pair in a million values is alike once in thirty million times.
  const differing = isLong(type) ? `hash(${compared})` : compared
  const shown = (one: string) => shownValue(one, type.kind === 'json' ? { kind: 'text' } : type, clip)
  return [
    `count(${value})`,
    estimate
      ? `approx_count_distinct(${compared})`
      : `count(DISTINCT ${differing}) FILTER (WHERE ${value} IS NOT NULL)`,
    shown(extreme('min')),
    shown(extreme('max')),
    isNumber(type) ? `CAST(avg(${number})${finite(number, type)} AS DOUBLE)` : 'NULL',
  ]
}

const extremeText = (cell: Cell, type: ColumnType) =>
  cell === null || typeof cell === 'string' ? cell : cellText(cell, type)

/** NaN and the infinities would make a mean of nothing. */
const finite = (value: string, type: ColumnType) => (mayBeInfinite(type) ? ` FILTER (WHERE isfinite(${value}))` : '')

const mayBeInfinite = (type: ColumnType) => isFloat(type) || isLoose(type)

async function barsOf(
  session: Pick<DuckSession, 'rows'>,
  select: string,
  column: Column,
  distinct: number,
): Promise<ProfileBar[]> {
  if ((isNumber(column.type) || isMoment(column.type)) && distinct > frequent) return histogram(session, select, column)
  return mostFrequent(session, select, column)
}

/** Equal steps from the least to the greatest; what is not finite is in none. */
async function histogram(
  session: Pick<DuckSession, 'rows'>,
  select: string,
  { name, type }: Column,
): Promise<ProfileBar[]> {
  const value = numberOf(quoteName(name), type)
  const number = isNumber(type) ? `CAST(${value} AS DOUBLE)` : `CAST(epoch_us(CAST(${value} AS TIMESTAMP)) AS DOUBLE)`
  const kept = mayBeInfinite(type) || isMoment(type) ? `isfinite(${value})` : `${value} IS NOT NULL`
  const whole = !isFloat(type) && type.kind !== 'decimal'
  const bounds = `SELECT min(${number}) AS low, max(${number}) AS high FROM (${select}) WHERE ${kept}`
  const width = whole && isNumber(type) ? `greatest(ceil((high - low + 1) / ${steps}), 1)` : `(high - low) / ${steps}`
  const step = `CASE WHEN high > low THEN least(CAST(floor((number - low) / width) AS INTEGER), ${steps - 1}) ELSE 0 END`
  const { rows } = await session.rows(
    `WITH bounds AS (SELECT low, high, ${width} AS width FROM (${bounds})),
     placed AS (SELECT ${step} AS step FROM (SELECT ${number} AS number FROM (${select}) WHERE ${kept}), bounds)
     SELECT step, count(*), any_value(low + step * width), any_value(low + (step + 1) * width)
     FROM placed, bounds GROUP BY step ORDER BY step`,
  )
  const edges = await edgeTexts(
    session,
    rows.flatMap((row) => [Number(row[2]), Number(row[3])]),
    type,
  )
  return rows.map((row, index): ProfileBar => {
    const from = edges[index * 2] ?? ''
    const to = edges[index * 2 + 1] ?? ''
    const last = Number(row[0]) === steps - 1
    const filters: RowFilter[] = [
      { column: name, operator: '>=', value: from },
      ...(last ? [] : [{ column: name, operator: '<' as const, value: to }]),
    ]
    return { label: from, rows: Number(row[1]), filters }
  })
}

/** The edges of steps as texts that a filter takes. */
async function edgeTexts(session: Pick<DuckSession, 'rows'>, edges: number[], type: ColumnType): Promise<string[]> {
  if (edges.length === 0) return []
  const texts = edges.map((edge) => {
    if (isMoment(type)) {
      const moment = `make_timestamp(CAST(${edge} AS BIGINT))`
      return `CAST(CAST(${moment} AS ${type.kind === 'date' ? 'DATE' : 'TIMESTAMP'}) AS VARCHAR)`
    }
    if (isFloat(type)) return quoteText(String(edge))
    if (isLoose(type)) return quoteText(Math.abs(edge) < 1e15 ? edge.toFixed(10) : BigInt(Math.round(edge)).toString())
    const digits =
      type.kind === 'decimal'
        ? `DECIMAL(38,${type.scale ?? 0})`
        : duckType({ kind: 'decimal', precision: 38, scale: 0 })
    return `CAST(CAST(${edge}::DOUBLE AS ${digits}) AS VARCHAR)`
  })
  const { rows } = await session.rows(`SELECT ${texts.join(', ')}`)
  return (rows[0] ?? []).map(String)
}

async function mostFrequent(
  session: Pick<DuckSession, 'rows'>,
  select: string,
  { name, type }: Column,
): Promise<ProfileBar[]> {
  const text = textOf(quoteName(name), type)
  // By their places: a column of the rows that is called as one of them is would come before it.
  const { rows } = await session.rows(
    `SELECT left(${text}, ${clip + 1}), count(*) FROM (${select}) WHERE ${quoteName(name)} IS NOT NULL
     GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${frequent}`,
  )
  return rows.map((row): ProfileBar => {
    const label = String(row[0] ?? '')
    const cut = [...label].length > clip
    const shown = cut ? [...label].slice(0, clip).join('') : label
    return {
      label: shown,
      rows: Number(row[1]),
      filters: [{ column: name, operator: cut ? 'starts' : '=', value: shown }],
    }
  })
}

/** @throws AppError CONFIG_COLUMN */
export function pickColumns(columns: readonly Column[], names: readonly string[] | undefined): Column[] {
  if (names === undefined) return [...columns]
  return names.map((name) => {
    const column = columns.find((candidate) => candidate.name === name)
    if (!column)
      throw new AppError('CONFIG_COLUMN', `The column ${name} is not among the rows.`, { at: { field: 'columns' } })
    return column
  })
}
