import type { DatabaseSync } from 'node:sqlite'
import type { Sample, SeenTypes, SqlParams } from './protocol.ts'

export function takeSample(_database: DatabaseSync, sql: string, params: SqlParams, _unknown: boolean[]): Sample {
  return { sql, params, tables: [] }
}

export function probe(_sample: Sample): SeenTypes {
  return []
}
