import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatType } from '../../../shared/data/types.ts'
import type { Cell, Row } from '../../../shared/data/wire.ts'
import type { BoundValue, Database } from '../../../src-main/dialects/dialect.ts'
import { readingConforms } from './conformance-read.ts'
import { wholenessConforms } from './conformance-whole.ts'
import { writingConforms } from './conformance-write.ts'
import { column, type DialectFacts, int32, load, plan, query, type Subject } from './subject.ts'
import { comparable, typeCases } from './values.ts'

/** What every dialect must do. Runs unchanged on each; `facts` say where databases may differ. */
export function conformance(name: string, facts: DialectFacts, open: () => Promise<Subject>): void {
  describe(`${name} conforms`, () => {
    let subject: Subject
    beforeAll(async () => {
      subject = await open()
    })
    afterAll(() => subject?.cleanup())
    const current = () => subject

    describe('types', () => typesConform(() => current().database, facts))
    describe('writing', () => writingConforms(current))
    describe('writing whole', () => wholenessConforms(current))
    describe('reading', () => readingConforms(current, facts))
  })
}

function typesConform(database: () => Database, facts: DialectFacts): void {
  for (const [index, { type, values }] of typeCases(facts).entries()) {
    const rows: Row[] = [...values, null].map((value, n) => [n, value])
    const columns = [column('n', int32), column('v', type)]
    const table = `types_${index}`
    const wanted = rows.map((row) => comparable(row[1] ?? null, type))

    it(`keeps ${formatType(type)} through the wire and back`, async () => {
      await load(database(), plan(table, columns, { mode: 'fail' }), rows)
      const found = await query(database(), `select n, v from ${table} order by n`)
      expect(found.columns[1]?.type).toEqual(facts.comesBackAs(type))
      expect(found.rows.map((row) => comparable(row[1] ?? null, type))).toEqual(wanted)
    })

    it(`copies ${formatType(type)} from table to table as bytes`, async () => {
      await using source = await database().session()
      await using target = await database().session()
      const reader = source.read({ sql: `select n, v from ${table} order by n` })
      const writer = await target.write(plan(`${table}_copy`, await reader.columns(), { mode: 'fail' }))
      for await (const piece of reader.bytes(database().dialect.wire)) await writer.write(piece)
      expect(await writer.finish()).toMatchObject({ inserted: rows.length })
      const found = await query(database(), `select n, v from ${table}_copy order by n`)
      expect(found.rows.map((row) => comparable(row[1] ?? null, type))).toEqual(wanted)
    })

    it(`binds ${formatType(type)} as a value`, async () => {
      await load(database(), plan(`${table}_bound`, columns, { mode: 'fail' }), [])
      await using session = await database().session()
      const bound = async function* (): AsyncGenerator<Record<string, BoundValue>> {
        for (const row of rows) yield { n: { type: int32, value: row[0] ?? null }, v: { type, value: row[1] ?? null } }
      }
      const changed = await session.executeMany({ sql: `insert into ${table}_bound (n, v) values (:n, :v)` }, bound())
      expect(changed).toBe(rows.length)
      const found = await query(database(), `select n, v from ${table}_bound order by n`)
      const value = (cell: Cell) => (type.kind === 'decimal' ? plainDecimal(cell) : comparable(cell, type))
      expect(found.rows.map((row) => value(row[1] ?? null))).toEqual(rows.map((row) => value(row[1] ?? null)))
    })
  }
}

/** A bound decimal keeps its value; trailing zeros are the column's affair. */
function plainDecimal(cell: Cell): unknown {
  if (typeof cell !== 'string') return cell
  if (/e/i.test(cell)) return plainDecimal(Number(cell).toFixed(25))
  return cell.includes('.') ? cell.replace(/0+$/, '').replace(/\.$/, '') : cell
}
