import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReader, type Results, type ResultsReader, type WindowQuery } from '../../../src-main/engine/index.ts'

const rows = 300_000
/** A permutation of the row numbers: far apart for neighbours. */
const shuffled = (id: number) => (id * 7919) % rows

let folder = ''
let reader: ResultsReader
let results: Results

/** Kept rows as a run leaves them. One column is called like DuckDB's row id, others like names that windows use. */
const open = () => openReader({ memoryMb: 256, threads: 2, spill: join(folder, 'spill'), folders: [folder] })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-results-'))
  const file = join(folder, 'rows.duckdb')
  const instance = await DuckDBInstance.create(file)
  const connection = await instance.connect()
  await connection.run(
    `CREATE TABLE "from:out" AS SELECT 1000 + i AS id, 7919 * i % ${rows} AS rowid, i % 10 AS "position", 'Name ' || i AS "row" FROM range(${rows}) AS r(i)`,
  )
  connection.closeSync()
  instance.closeSync()
  const columns = ['id', 'rowid', 'position', 'row'].map((name) => ({
    name,
    type: { kind: name === 'row' ? ('text' as const) : ('int64' as const) },
  }))
  reader = await open()
  results = await reader.read({ node: 'from', port: 'out', file, table: 'from:out', columns, rows, fingerprint: '' })
})

afterAll(async () => {
  await reader.close()
  await rm(folder, { recursive: true, force: true })
})

const ids = async (query: WindowQuery) => (await results.window(query)).rows.map((row) => Number(row[0]) - 1000)
const sequence = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)

describe('windows of kept rows', () => {
  test.each([0, 122_830, 299_950])('come in the order the rows came in, from %i on', async (offset) => {
    const window = await results.window({ offset, limit: 100 })
    expect(window.columns.map(({ name }) => name)).toEqual(['id', 'rowid', 'position', 'row'])
    expect(window.total).toBe(rows)
    expect(window.rows).toEqual(
      sequence(offset, Math.min(rows, offset + 100)).map((id) => [
        BigInt(1000 + id),
        BigInt(shuffled(id)),
        BigInt(id % 10),
        `Name ${id}`,
      ]),
    )
  })

  test.each([100, 5000])('come sorted, %i of them, wherever the rows lie', async (limit) => {
    const sort = [{ column: 'rowid', direction: 'desc' as const }]
    const window = await results.window({ offset: 150_000, limit, sort })
    expect(window.total).toBe(rows)
    expect(window.rows.map((row) => Number(row[1]))).toEqual(
      sequence(0, limit).map((index) => rows - 1 - 150_000 - index),
    )
    expect(window.rows.every((row) => Number(row[1]) === shuffled(Number(row[0]) - 1000))).toBe(true)
  })

  test('keep the order of arrival among equals, across pages', async () => {
    const sort = [{ column: 'position', direction: 'asc' as const }]
    const pages = [...(await ids({ offset: 0, limit: 50, sort })), ...(await ids({ offset: 50, limit: 50, sort }))]
    expect(pages).toEqual(sequence(0, 100).map((index) => index * 10))
  })

  test('hold the rows that a filter and a search leave, and their number', async () => {
    const window = await results.window({ offset: 0, limit: 10, filter: 'position = 3', search: 'NAME 29' })
    const expected = sequence(0, rows).filter((id) => id % 10 === 3 && String(id).startsWith('29'))
    expect(window.total).toBe(expected.length)
    expect(window.rows.map((row) => Number(row[0]) - 1000)).toEqual(expected.slice(0, 10))
  })

  test('are empty behind the last row', async () => {
    expect(await ids({ offset: rows, limit: 10 })).toEqual([])
    expect(await ids({ offset: rows, limit: 10, sort: [{ column: 'id', direction: 'asc' }] })).toEqual([])
  })

  test('stay right when more orders are asked for than are kept', async () => {
    const filters = ['id < 1005', 'id < 1006', 'id < 1007', 'id < 1008', 'id < 1009', 'id < 1005']
    const found: number[] = []
    for (const filter of filters) found.push((await ids({ offset: 0, limit: 100, filter })).length)
    expect(found).toEqual([5, 6, 7, 8, 9, 5])
  })

  test('can be asked for at the same time, also after a filter that cannot be understood', async () => {
    const filters = ['id < 1003', 'nothing < 1', 'id < 1004', 'id < 1003', 'id < 1005', 'id < 1006', 'id < 1007']
    const found = await Promise.allSettled(filters.map((filter) => ids({ offset: 0, limit: 100, filter })))
    const counts = found.map((each) => (each.status === 'fulfilled' ? each.value.length : each.reason.code))
    expect(counts).toEqual([3, 'CONFIG_COLUMN', 4, 3, 5, 6, 7])
  })

  test.each(sequence(0, 12))('can be asked for at the same time of an engine that has just started (%i)', async () => {
    const fresh = await open()
    const kept = await fresh.read(results.output)
    const filters = sequence(3, 35).map((last) => `id < ${1000 + last}`)
    const found = await Promise.all(filters.map((filter) => kept.window({ offset: 0, limit: 100, filter })))
    await fresh.close()
    expect(found.map(({ total }) => total)).toEqual(sequence(3, 35))
  })

  test('cannot be larger than the limit, nor sorted by a column that is not there', async () => {
    await expect(results.window({ offset: 0, limit: 10_001 })).rejects.toMatchObject({ code: 'LIMIT_SIZE' })
    const sort = [{ column: 'nothing', direction: 'asc' as const }]
    await expect(results.window({ offset: 0, limit: 1, sort })).rejects.toMatchObject({ code: 'CONFIG_COLUMN' })
  })
})
