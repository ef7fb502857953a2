import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../helpers/postgres.ts'
import { csvRows, type SampleBench, sampleBench } from './samples.ts'

const name = '01-airports'
const radians = (degrees: number) => (degrees * Math.PI) / 180

interface Place {
  city: string
  state: string
  latitude: number
  longitude: number
}

function kilometres(a: Place, b: Place): number {
  const lat = Math.sin(radians(b.latitude - a.latitude) / 2) ** 2
  const lon = Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(lat + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * lon))
}

/** What the sample should find, computed from its raw files. */
function expected({ folder, read }: SampleBench, minimum = 1) {
  const places = new Map<string, Place>()
  for (const { iata = '', city = '', state = '', latitude, longitude } of csvRows(read('data/airports.csv'))) {
    places.set(iata, { city, state, latitude: Number(latitude), longitude: Number(longitude) })
  }
  const database = new DatabaseSync(join(folder, 'data', 'routes.db'), { readOnly: true })
  const routes = database.prepare('select * from routes').all()
  database.close()
  const found = new Map<string, { departures: number; destinations: number; total: number; far: [number, string] }>()
  for (const route of routes) {
    const [origin, destination, flights] = [String(route.origin), String(route.destination), Number(route.flights)]
    const [from, to] = [places.get(origin), places.get(destination)]
    if (flights < minimum || !from || !to) continue
    const km = kilometres(from, to)
    const group = found.get(origin) ?? { departures: 0, destinations: 0, total: 0, far: [-1, ''] }
    const { departures, destinations, total, far } = group
    found.set(origin, {
      departures: departures + flights,
      destinations: destinations + 1,
      total: total + km * flights,
      far: km > far[0] ? [km, destination] : far,
    })
  }
  return [...found]
    .map(([airport, { departures, destinations, total, far }]) => ({
      airport,
      city: places.get(airport)?.city,
      state: places.get(airport)?.state,
      departures,
      destinations,
      mean_km: Math.round(total / departures),
      farthest: far[1],
      farthest_km: Math.round(far[0]),
    }))
    .sort((a, b) => b.departures - a.departures || (a.airport < b.airport ? -1 : 1))
}

const loaded = 'select * from airports_2008 order by departures desc, airport'

describe('the airports sample', () => {
  it('loads every airport, and the same again when it runs twice', async () => {
    using bench = sampleBench(name)
    const rows = expected(bench)
    expect(rows).toHaveLength(303)
    for (const _ of [1, 2]) {
      const { outcome } = await bench.run()
      expect(outcome.error).toBeUndefined()
      expect(outcome.state).toBe('completed')
      expect(outcome.nodes.to_results?.counts).toMatchObject({ inserted: 303 })
      expect(outcome.nodes.busiest?.samples.out?.rows.map(([airport]) => airport)).toEqual(
        rows.slice(0, 10).map(({ airport }) => airport),
      )
      expect(bench.results(loaded)).toEqual(rows)
    }
  })

  it('prints the busiest airports on the command line', async () => {
    using bench = sampleBench(name)
    const { code, out, err } = await bench.cli('run', 'sample')
    expect(err).toContain('completed')
    expect(code).toBe(0)
    const lines = out.trimEnd().split('\n')
    expect(lines[0]?.split(/\s+/)).toEqual(Object.keys(expected(bench)[0] ?? {}))
    expect(lines.slice(2, 12).map((line) => line.split(' ')[0])).toEqual(
      expected(bench)
        .slice(0, 10)
        .map(({ airport }) => airport),
    )
    expect(bench.results(loaded)).toEqual(expected(bench))
  })

  it('loads into Postgres when the connection says so, with routes as frequent as asked', async () => {
    using bench = sampleBench(name)
    await using database = await freshDatabase()
    const { code, err } = await bench.cli(
      'run',
      'sample',
      '--connection',
      `results=${database.url}`,
      '--param',
      'min_flights=365',
    )
    expect(err).toContain('completed')
    expect(code).toBe(0)
    const rows = await database.sql(
      'select airport, city, state, departures::int, destinations::int, mean_km, farthest, farthest_km from airports_2008 order by departures desc, airport collate "C"',
    )
    expect(rows).toEqual(expected(bench, 365))
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.length).toBeLessThan(303)
  })

  it('refuses a parameter out of range before it touches anything', async () => {
    using bench = sampleBench(name)
    const { code, err } = await bench.cli('run', 'sample', '--param', 'min_flights=0')
    expect(code).toBe(2)
    expect(err).toContain('min_flights')
    expect(() => bench.results('select 1')).toThrow()
  })
})
