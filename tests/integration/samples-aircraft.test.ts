import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../helpers/postgres.ts'
import { csvRows, type SampleBench, sampleBench, serve } from './samples.ts'

const name = '02-aircraft'

interface Departure {
  id: number
  departed: string
  origin: string
  destination: string
  delay: number
  distance: number
}

const airports = ({ read }: SampleBench) => csvRows(read('data/airports.csv'))

/** What the sample should find, computed from its raw files. */
function movements(bench: SampleBench, lateAfter = 15) {
  const cities = new Map(airports(bench).map(({ iata, city }) => [iata, city]))
  const departures: Departure[] = JSON.parse(bench.read('data/departures.json'))
  return departures.map(({ id, departed, origin, destination, delay, distance }) => ({
    id,
    departed: `${departed}:00`,
    origin,
    origin_city: cities.get(origin) ?? null,
    destination,
    destination_city: cities.get(destination) ?? null,
    distance,
    delay,
    late: delay >= lateAfter,
  }))
}

function storedMovements(bench: SampleBench) {
  const rows = bench.results('select * from movements order by id')
  return rows.map((row) => ({ ...row, departed: String(row.departed), late: row.late === 1 }))
}

function storedAirports(bench: SampleBench) {
  return bench
    .results('select * from airports order by code')
    .map(({ code, name: title, city, state }) => ({ iata: code, name: title, city, state }))
}

function expectedAirports(bench: SampleBench) {
  return airports(bench)
    .map(({ iata, name: title, city, state }) => ({ iata, name: title, city, state }))
    .sort((a, b) => (String(a.iata) < String(b.iata) ? -1 : 1))
}

describe('the aircraft sample', () => {
  it('loads airports and departures, and the same rows when it runs twice', async () => {
    using bench = sampleBench(name)
    await using service = await serve(name)
    const params = { base_url: service.url }
    for (const inserted of [1289, 0]) {
      const { outcome } = await bench.run({ params })
      expect(outcome.error).toBeUndefined()
      expect(outcome.nodes.load_movements?.counts).toMatchObject({ inserted, updated: 1289 - inserted })
      expect(storedMovements(bench)).toEqual(movements(bench))
      expect(storedAirports(bench)).toEqual(expectedAirports(bench))
    }
    await bench.run({ params: { ...params, late_after: 60 } })
    expect(storedMovements(bench)).toEqual(movements(bench, 60))
  })

  it('lands the reference data when the live source fails, and resumes with only what failed', async () => {
    using bench = sampleBench(name)
    const down = await serve(name)
    await down[Symbol.asyncDispose]()
    const first = await bench.cli('run', 'sample', '--json', '--param', `base_url=${down.url}`)
    expect(first.code).toBe(1)
    expect(nodeStates(first.out)).toMatchObject({
      load_airports: 'completed',
      departures: 'failed',
      load_movements: 'skipped',
    })
    expect(attempts(first.out, 'departures')).toBe(3)
    expect(errorCode(first.out, 'departures')).toBe('HTTP_NETWORK')
    expect(storedAirports(bench)).toEqual(expectedAirports(bench))
    expect(bench.results("select name from sqlite_master where name = 'movements'")).toEqual([])

    await using _service = await serve(name, down.port)
    const before = bench.results('select * from airports')
    const second = await bench.cli('run', 'sample', '--json', '--resume', 'last')
    expect(second.err).toBe('')
    expect(second.code).toBe(0)
    expect(keptNodes(second.out)).toContain('load_airports')
    expect(nodeStates(second.out)).toMatchObject({ departures: 'completed', load_movements: 'completed' })
    expect(bench.results('select * from airports')).toEqual(before)
    expect(storedMovements(bench)).toEqual(movements(bench))
  })

  it('loads into Postgres when the connection says so', async () => {
    using bench = sampleBench(name)
    await using service = await serve(name)
    await using database = await freshDatabase()
    const { outcome } = await bench.run({
      params: { base_url: service.url },
      overrides: { results: database.url },
    })
    expect(outcome.error).toBeUndefined()
    const rows = await database.sql(
      "select id::int, to_char(departed, 'YYYY-MM-DD HH24:MI:SS') as departed, origin, origin_city, destination, destination_city, distance, delay, late from movements order by id",
    )
    expect(rows).toEqual(movements(bench))
    expect(await database.sql('select count(*)::int as n from airports')).toEqual([{ n: 305 }])
  })
})

interface NodeEvent {
  type: string
  node: string
  state: string
  attempt: number
  kept?: boolean
  error?: { code: string }
}

function nodeEvents(out: string): NodeEvent[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line): NodeEvent => JSON.parse(line))
    .filter(({ type }) => type === 'node')
}

const nodeStates = (out: string) => Object.fromEntries(nodeEvents(out).map(({ node, state }) => [node, state]))
const keptNodes = (out: string) => nodeEvents(out).flatMap(({ node, kept }) => (kept ? [node] : []))
const attempts = (out: string, node: string) =>
  Math.max(...nodeEvents(out).flatMap((event) => (event.node === node ? [event.attempt] : [])))
const errorCode = (out: string, node: string) =>
  nodeEvents(out).find((event) => event.node === node && event.state === 'failed')?.error?.code
