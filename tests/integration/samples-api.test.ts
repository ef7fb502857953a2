import { describe, expect, it } from 'vitest'
import { freshDatabase } from '../helpers/postgres.ts'
import { type SampleBench, sampleBench, serve } from './samples.ts'

const name = '03-api-to-table'

interface Strike {
  id: number
  date: string
  state: string
  species: string | null
  speed_kt: number | null
  cost_usd: number
}

/** What the sample should find, computed from its raw file. */
function strikes({ read }: SampleBench, state: string, since: string): Strike[] {
  const all: Strike[] = JSON.parse(read('data/strikes.json'))
  return all
    .filter((strike) => strike.state === state && strike.date >= since)
    .map((strike) => ({ ...strike, species: strike.species?.startsWith('Unknown') ? null : strike.species }))
}

const stored = (bench: SampleBench) =>
  bench.results('select * from strikes order by id').map((row) => ({ ...row, cost_usd: Number(row.cost_usd) }))

describe('the sample from an API to a table', () => {
  it('keeps what the search finds, page by page, whatever the size of a page', async () => {
    using bench = sampleBench(name)
    await using service = await serve(name)
    const texas = strikes(bench, 'Texas', '2001-01-01')
    expect(texas).toHaveLength(257)
    for (const [page_size, inserted] of [
      [100, 257],
      [7, 0],
      [257, 0],
    ] as const) {
      const { outcome } = await bench.run({ params: { base_url: service.url, page_size } })
      expect(outcome.error).toBeUndefined()
      expect(outcome.nodes.to_table?.counts).toMatchObject({ inserted, updated: 257 - inserted })
      expect(stored(bench)).toEqual(texas)
    }
  })

  it('takes the body from the parameters and adds to what is there', async () => {
    using bench = sampleBench(name)
    await using service = await serve(name)
    const found: Strike[] = []
    for (const [state, since] of [
      ['Hawaii', '2000-01-01'],
      ['California', '2002-01-01'],
    ] as const) {
      const given = ['--param', `base_url=${service.url}`, '--param', `state=${state}`, '--param', `since=${since}`]
      const { code, err } = await bench.cli('run', 'sample', ...given)
      expect(err).toContain('completed')
      expect(code).toBe(0)
      found.push(...strikes(bench, state, since))
      expect(stored(bench)).toEqual(found.toSorted((a, b) => a.id - b.id))
    }
    expect(found.length).toBeGreaterThan(76)
  })

  it('loads into Postgres when the connection says so, exactly', async () => {
    using bench = sampleBench(name)
    await using service = await serve(name)
    await using database = await freshDatabase()
    const { outcome } = await bench.run({
      params: { base_url: service.url, state: 'California', since: '2000-01-01' },
      overrides: { results: database.url },
    })
    expect(outcome.error).toBeUndefined()
    const rows = await database.sql(
      'select id::int, date::text, state, airport, aircraft, operator, phase, species, damage, speed_kt, cost_usd::text from strikes order by id',
    )
    const expected = strikes(bench, 'California', '2000-01-01')
    expect(rows).toEqual(expected.map((strike) => ({ ...strike, cost_usd: strike.cost_usd.toFixed(2) })))
  })

  it('ends with 1 and names the node when the service refuses the body', async () => {
    using bench = sampleBench(name)
    await using service = await serve('02-aircraft')
    const { code, err } = await bench.cli('run', 'sample', '--param', `base_url=${service.url}`)
    expect(code).toBe(1)
    expect(err).toContain('strikes')
    expect(err).toContain('404')
  })
})
