import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Column } from '../../../shared/data/types.ts'
import type { InputRelation } from '../../../shared/nodes/define.ts'
import { registry } from '../../../shared/nodes/registry.ts'

/** An embedded engine of a test's own. */
export async function openDuck(threads = 2): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  return instance.connect()
}

export async function rowsOf(duck: DuckDBConnection, sql: string) {
  const reader = await duck.runAndReadAll(sql)
  return reader.getRowsJson()
}

/** The SELECT of a transform's port over the given relations. */
export function transform(kind: string, config: unknown, inputs: readonly InputRelation[], port = 'out'): string {
  const select = registry.get(kind)?.sql?.(config, inputs)[port]
  if (select === undefined) throw new Error(`The kind ${kind} makes no SQL for the port ${port}.`)
  return select
}

export function relation(name: string, columns: readonly Column[], port = 'in'): InputRelation {
  return { port, relation: `"${name}"`, columns }
}
