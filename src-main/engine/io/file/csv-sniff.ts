import type { FileConfig } from '../../../../shared/nodes/file.ts'
import { quoteFile, quoteText } from '../../../../shared/sql/duckdb.ts'
import type { DuckRunner } from '../../node-context.ts'

/** The types whose values are written in an order that has to be found. */
export type Dated = 'DATE' | 'TIMESTAMP'

export interface Sniffed {
  hasHeader: boolean
  types: string[]
  /** How dates and timestamps are written, of types that occur. */
  formats: Partial<Record<Dated, string>>
  /** Types of which every value looked at could be read in another order of day, month and year just as well. */
  unclear: Dated[]
}

const optionOf = { DATE: 'dateformat', TIMESTAMP: 'timestampformat' } as const

/**
 * DuckDB's judgement of header and types; undefined when the start of the file is too irregular to judge. `options` are
 * those of the reader.
 */
export async function sniff(
  file: string,
  options: readonly string[],
  config: FileConfig,
  duck: DuckRunner,
): Promise<Sniffed | undefined> {
  if (config.allText) return undefined
  const given: Partial<Record<Dated, string>> = {
    ...(config.dateFormat === undefined ? {} : { DATE: config.dateFormat }),
    ...(config.timestampFormat === undefined ? {} : { TIMESTAMP: config.timestampFormat }),
  }
  const header = config.header === undefined ? [] : [`header = ${config.header}`]
  const first = await judge(file, [...options, ...header], given, duck)
  if (first === undefined) return undefined
  const unclear: Dated[] = []
  for (const type of ['DATE', 'TIMESTAMP'] as const) {
    const format = first.formats[type]
    if (given[type] !== undefined || format === undefined || !first.types.includes(type)) continue
    for (const other of otherOrders(format)) {
      const again = await judge(file, [...options, ...header], { ...first.formats, [type]: other }, duck)
      const fits = again !== undefined && first.types.every((was, index) => was !== type || again.types[index] === type)
      if (!fits) continue
      unclear.push(type)
      break
    }
  }
  return { ...first, unclear }
}

async function judge(
  file: string,
  options: readonly string[],
  formats: Partial<Record<Dated, string>>,
  duck: DuckRunner,
): Promise<Omit<Sniffed, 'unclear'> | undefined> {
  const fixed = Object.entries(formats).map(([type, format]) =>
    type === 'DATE' || type === 'TIMESTAMP' ? [`${optionOf[type]} = ${quoteText(format)}`] : [],
  )
  try {
    const rows = await duck.text(
      `SELECT HasHeader, DateFormat, TimestampFormat, c.type FROM (SELECT *, unnest("Columns") AS c ` +
        `FROM sniff_csv(${quoteFile(file)}, ${[...options, 'ignore_errors = true', ...fixed.flat()].join(', ')}))`,
    )
    const [hasHeader, date, timestamp] = rows[0] ?? []
    return {
      hasHeader: hasHeader === 'true',
      types: rows.map((row) => row[3] ?? 'VARCHAR'),
      formats: { ...(date ? { DATE: date } : {}), ...(timestamp ? { TIMESTAMP: timestamp } : {}) },
    }
  } catch {
    return undefined
  }
}

/** The same format with day, month and year in the other orders that people write; none when the year comes first in full. */
function otherOrders(format: string): string[] {
  const match = /^%([dmyY])(.)%([dmyY])\2%([dmyY])/.exec(format)
  if (match === null || match[1] === 'Y') return []
  const [date, year, separator = ''] = [match[0], /y/i.exec(match[0])?.[0] ?? 'Y', match[2]]
  return ['dm', 'md']
    .map((order) => [...order, year].map((part) => `%${part}`).join(separator))
    .filter((other) => other !== date)
    .map((other) => other + format.slice(date.length))
}
