import { expect, test } from 'vitest'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

test('a day before our era is shown, and filtered by, as it is', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  const events = await api.run(`select * from (values (1, date '0044-03-15 BC', array[date '0044-03-15 BC']),
    (2, date '0044-03-15', array[date '0044-03-15'])) t(id, day, days)`)
  const source = { query: events.find((event) => event.type === 'rows')?.query ?? '', statement: 0 }
  const filtered = async (operator: '=' | '<', value: string) => {
    const view = { filters: [{ column: 'day', operator, value }] }
    return (await api.client.results.window({ source, view, offset: 0, limit: 10 })).rows
  }
  const old = ['1', '0044-03-15 BC', '["0044-03-15 BC"]']
  expect(await filtered('=', '0044-03-15 BC')).toEqual([old])
  expect(await filtered('=', '0044-03-15')).toEqual([['2', '0044-03-15', '["0044-03-15"]']])
  expect(await filtered('<', '0044-03-15')).toEqual([old])
})
