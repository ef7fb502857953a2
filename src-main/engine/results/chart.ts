import { isMoment, isNumber } from '../../../shared/data/kinds.ts'
import type { Column } from '../../../shared/data/types.ts'
import { AppError } from '../../../shared/errors.ts'
import { quoteName } from '../../../shared/sql/duckdb.ts'
import type { DuckSession } from '../duck/session.ts'
import { numberOf, textOf } from './text.ts'

export interface ChartQuery {
  x: Column
  y: Column | undefined
  measure: 'count' | 'sum' | 'avg' | 'min' | 'max'
}

export interface ChartPoints {
  points: { x: string | null; y: number | null }[]
  /** All groups there are; more than the points when only the first are given. */
  groups: number
}

const maxPoints = 200

/**
 * A measure per group: in order for numbers and dates, biggest first for others. Dates with too many values are taken together by
 * day, month or year, whichever is the finest that fits.
 * @throws AppError CONFIG_INVALID when the measure needs a number and gets none
 */
export async function chartRows(
  session: Pick<DuckSession, 'rows'>,
  select: string,
  { x, y, measure }: ChartQuery,
): Promise<ChartPoints> {
  const measured = measureSql(measure, y)
  const value = quoteName(x.name)
  const group = isMoment(x.type) ? await momentGroup(session, select, value) : numberOf(value, x.type)
  const label = isMoment(x.type) && group !== value ? `strftime(${group}, '%Y-%m-%d')` : textOf(value, x.type)
  const ordered = isNumber(x.type) || isMoment(x.type)
  // By its place: a column of the rows that is called as the group is would come before it.
  const grouped = `SELECT ${group} AS g, any_value(${label}) AS label, ${measured} AS y FROM (${select}) GROUP BY 1`
  const order = ordered ? 'g ASC NULLS LAST' : 'y DESC NULLS LAST, label'
  const { rows } = await session.rows(
    `SELECT label, CAST(y AS DOUBLE), count(*) OVER () FROM (${grouped}) ORDER BY ${order} LIMIT ${maxPoints}`,
  )
  return {
    points: rows.map(([text, point]) => ({
      x: typeof text === 'string' ? text : null,
      y: typeof point === 'number' && Number.isFinite(point) ? point : null,
    })),
    groups: Number(rows[0]?.[2] ?? 0),
  }
}

function measureSql(measure: ChartQuery['measure'], y: Column | undefined): string {
  if (measure === 'count') return y ? `count(${quoteName(y.name)})` : 'count(*)'
  if (y && isNumber(y.type)) return `${measure}(${numberOf(quoteName(y.name), y.type)})`
  throw new AppError('CONFIG_INVALID', `The ${measure} needs a column of numbers.`, {
    hint: 'Pick another column, or count rows.',
    at: { field: 'y' },
  })
}

async function momentGroup(session: Pick<DuckSession, 'rows'>, select: string, value: string): Promise<string> {
  const parts = ['day', 'month', 'year'].map((part) => `date_trunc('${part}', CAST(${value} AS TIMESTAMP))`)
  const counts = [value, ...parts].map((group) => `approx_count_distinct(${group})`)
  const { rows } = await session.rows(`SELECT ${counts.join(', ')} FROM (${select})`)
  const fits = (rows[0] ?? []).findIndex((found) => Number(found) <= maxPoints)
  return fits === 0 ? value : (parts[(fits < 0 ? parts.length : fits) - 1] ?? value)
}
