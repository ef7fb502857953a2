import { expect, test } from 'vitest'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

test('what Postgres says beside rows is told with its statement, and no more than anybody reads', async () => {
  await using fresh = await freshDatabase()
  await using api = await queriesApi({ db: fresh.url })
  const say = (count: number) => `do $$ begin for i in 1..${count} loop raise notice 'line %', i; end loop; end $$`
  const sql = `${say(2)}; select 1 as a; rollback; do $$ begin raise warning 'careful' using hint = 'look'; end $$; ${say(2000)}`
  const events = await api.run(sql)
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event] : []))
  expect(notices.slice(0, 4)).toMatchObject([
    { statement: 0, severity: 'info', message: 'line 1' },
    { statement: 0, severity: 'info', message: 'line 2' },
    { statement: 2, severity: 'warning', message: 'there is no transaction in progress' },
    { statement: 3, severity: 'warning', message: 'careful', hint: 'look' },
  ])
  expect(notices.filter(({ statement }) => statement === 4)).toHaveLength(500)
  expect(events.filter(({ type }) => type === 'failed')).toEqual([])
})
