import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Connector } from '../../src-main/dialects/connector.ts'
import { loadDialect } from '../../src-main/dialects/index.ts'
import { freshDatabase } from '../helpers/postgres.ts'
import { csvRows, type SampleBench, sampleBench } from './samples.ts'

const name = '04-batches'

/** Flights with the numbers they should get, computed from the raw file. */
function flights({ read }: SampleBench) {
  const key = ({ departed, origin, destination }: Record<string, string>) => `${departed} ${origin} ${destination}`
  return csvRows(read('data/flights.csv'))
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map(({ departed, origin, destination, delay, distance }, index) => ({
      id: index + 1,
      departed: `${departed}:00`,
      origin,
      destination,
      delay: Number(delay),
      distance: Number(distance),
    }))
}

function lateCsv(bench: SampleBench, minimum: number): string {
  const late = flights(bench)
    .filter(({ delay }) => delay >= minimum)
    .sort((a, b) => b.delay - a.delay || a.id - b.id)
  return ['id,departed,origin,destination,delay,distance', ...late.map((row) => Object.values(row).join(',')), ''].join(
    '\n',
  )
}

describe('the batches sample', () => {
  it('inserts each row, reads the late ones back, and does the same when it runs twice', async () => {
    using bench = sampleBench(name)
    for (const minimum of [30, 120]) {
      const { outcome } = await bench.run({ params: { min_delay: minimum } })
      expect(outcome.error).toBeUndefined()
      expect(outcome.nodes.insert?.counts.rowsIn).toBe(2000)
      expect(bench.results('select * from flights order by id')).toEqual(flights(bench))
      expect(bench.read('out/late-flights.csv')).toBe(lateCsv(bench, minimum))
    }
  })

  it('runs on the command line, and in Postgres when the connection says so', async () => {
    using bench = sampleBench(name)
    await using database = await freshDatabase()
    for (const _ of [1, 2]) {
      const { code, err } = await bench.cli('run', 'sample', '--connection', `results=${database.url}`)
      expect(err).toContain('completed')
      expect(code).toBe(0)
    }
    const rows = await database.sql(
      "select id, to_char(departed, 'YYYY-MM-DD HH24:MI:SS') as departed, origin, destination, delay, distance from flights order by id",
    )
    expect(rows).toEqual(flights(bench))
    expect(bench.read('out/late-flights.csv')).toBe(lateCsv(bench, 30))
  })

  it('inserts all rows or none', async () => {
    using bench = sampleBench(name)
    writeFileSync(
      join(bench.folder, 'data', 'flights.csv'),
      `${bench.read('data/flights.csv')}2001-12-31 23:59,AAA,BBB,5,0\n`,
    )
    const { outcome } = await bench.run()
    expect(outcome.state).toBe('failed')
    expect(outcome.nodes.insert?.error?.message).toContain('distance')
    expect(outcome.nodes.late?.state).toBe('skipped')
    // The table was set up by a node of its own, which stands.
    expect(bench.results('select count(*) as n from flights')).toEqual([{ n: 0 }])
  })

  it('can be fetched in batches from a script, as the README shows', async () => {
    using bench = sampleBench(name)
    await bench.run()
    await using results = await Connector.open('results', async () =>
      (await loadDialect('sqlite')).open({ dialect: 'sqlite', file: 'results.db' }, bench.folder),
    )
    const sql = 'select id from flights order by id'
    const sizes: number[] = []
    const ids: unknown[] = []
    for (let rows = await results.fetchMany(sql, {}, { size: 300 }); rows.length > 0; ) {
      sizes.push(rows.length)
      ids.push(...rows.map((row) => Number(row.id)))
      rows = await results.fetchMany(sql, {}, { size: 300 })
    }
    expect(sizes).toEqual([300, 300, 300, 300, 300, 300, 200])
    expect(ids).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1))
  })
})
