import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import type { Column } from '../../../shared/data/types.ts'
import { rowsOf } from '../../../src-main/engine/duck/values.ts'

test('dates without end and before our era are spelled as everywhere else', async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const reader = await connection.runAndReadAll(
    `SELECT 'infinity'::DATE, '-infinity'::DATE, '0044-03-15 (BC)'::DATE, '0044-03-15 (BC) 10:00:00'::TIMESTAMP,
      '-infinity'::TIMESTAMP, DATE '2024-02-29'`,
  )
  const columns = reader.columnNames().map((name): Column => ({ name, type: { kind: 'date' } }))
  expect(rowsOf(reader.getRows(), columns)).toEqual([
    ['infinity', '-infinity', '0044-03-15 BC', '0044-03-15 10:00:00 BC', '-infinity', '2024-02-29'],
  ])
  connection.closeSync()
})
