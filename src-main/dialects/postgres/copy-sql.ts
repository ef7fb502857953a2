import type { WireFormat } from '../../../shared/data/wire.ts'
import type { Statement } from '../dialect.ts'
import { boundValues } from '../server/params.ts'
import type { Description } from './describe.ts'
import { valueText } from './params.ts'
import type { PgConnection } from './protocol.ts'
import { type Lane, prepareSql } from './sql.ts'
import { typeName } from './types.ts'

export interface CopyPlan {
  /** Queues the messages of the COPY, ending in Sync. */
  send(connection: PgConnection): void
  origin(position: number): number | undefined
}

/**
 * How a query travels by COPY; undefined when it cannot. COPY takes no bound values: they are bound to a
 * `set_config` before it, in the same transaction, and the query reads them back from there as typed expressions.
 */
export function copyPlanOf(
  statement: Statement,
  description: Description,
  lane: Lane,
  format: WireFormat,
): CopyPlan | undefined {
  if (lane === 'portal' || description.fields.length === 0) return undefined
  const convert = format.lists === 'json' && description.fields.some((field) => field.pg.type.kind === 'list')
  if (convert && lane === 'copy-bare') return undefined
  const names = prepareSql(statement.sql).names
  const values = boundValues(names, statement.params).map(valueText)
  const types = description.parameters.map(typeName)
  if (types.includes(undefined)) return undefined
  const render = (n: number) =>
    values[n - 1] === null ? `(null::${types[n - 1]})` : `(pg_catalog.current_setting('sluice.p${n}')::${types[n - 1]})`
  const [before, after] = convert ? wrap(description) : ['', '']
  const prepared = prepareSql(statement.sql, render, `copy (${before}`, `\n${after}) to stdout (format csv)`)
  const settings = values.map((_, index) => `pg_catalog.set_config('sluice.p${index + 1}', $${index + 1}, true)`)
  return {
    origin: prepared.origin,
    send: (connection) => {
      if (settings.length > 0) {
        connection.parse({ text: `select ${settings.join(', ')}`, types: values.map(() => 25) })
        connection.bind({ values })
        connection.execute({})
      }
      connection.parse({ text: prepared.text })
      connection.bind({})
      connection.execute({})
      connection.sync()
    },
  }
}

/** Columns go through by number, so that names that clash or need quotes do not matter. */
function wrap(description: Description): [string, string] {
  const names = description.fields.map((_, index) => `c${index + 1}`)
  const columns = description.fields.map((field, index) => {
    if (field.pg.type.kind !== 'list') return names[index]
    return `pg_catalog.array_to_json(${names[index]}${field.pg.plainJson ? '' : '::text[]'})`
  })
  return [`select ${columns.join(', ')} from (`, `) as q(${names.join(', ')})`]
}
