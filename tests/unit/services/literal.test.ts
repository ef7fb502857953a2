import { DuckDBInstance } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { literal } from '../../../src-main/services/queries/edits/values.ts'

it('the embedded engine reads the sign of a zero, infinities and a NUL as they were', async () => {
  const connection = await (await DuckDBInstance.create()).connect()
  const float = { kind: 'float64' } as const
  const read = ['-0', '-Infinity', 'NaN', '1e300'].map((text) => literal(text, float, 'duckdb'))
  const text = literal("it's\0a", { kind: 'text' }, 'duckdb')
  const found = await connection.runAndReadAll(`select ${read.map((one) => `${one}::double`).join(', ')}, ${text}`)
  expect(found.getRows()).toEqual([[-0, Number.NEGATIVE_INFINITY, Number.NaN, 1e300, "it's\0a"]])
})
