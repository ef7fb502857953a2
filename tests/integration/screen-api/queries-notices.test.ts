import { expect, test } from 'vitest'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi, type RunWish } from '../../helpers/queries-api.ts'

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

test('warnings of MariaDB are told with their statement, whichever way it was run', async () => {
  await using fresh = await freshMariaDb()
  await using api = await queriesApi({ db: fresh.url })
  const told = async (sql: string, wish?: RunWish) => {
    const events = await api.run(sql, wish)
    expect(events.filter(({ type }) => type === 'failed')).toEqual([])
    return events.flatMap((event) =>
      event.type === 'notice' ? [[event.statement, event.severity, event.message]] : [],
    )
  }
  const truncated = expect.stringMatching(/Truncated incorrect .*'12x'/)
  const careful = "signal sqlstate '01000' set message_text = 'careful'"
  expect(
    await told(`drop table if exists nowhere; select 1; select '12x' + 0 as n; ${careful}`, { sure: true }),
  ).toEqual([
    [0, 'info', expect.stringContaining('Unknown table')],
    [2, 'warning', truncated],
    [3, 'warning', 'careful'],
  ])
  const params = { text: { type: 'text' as const, value: '12x' } }
  expect(await told('select :text + 0 as n', { params })).toEqual([[0, 'warning', truncated]])
  await api.run('create table t (n int)')
  expect(await told('insert into t values (1)', { manual: true })).toEqual([])
  expect(await told("insert ignore into t values ('1x')", { manual: true })).toEqual([
    [0, 'warning', expect.stringContaining('column')],
  ])
  expect(await told('update t set n = n where :text + 0 = 12', { params, manual: true })).toEqual([
    [0, 'warning', truncated],
  ])
  expect(await api.client.queries.state({ session: 'tab' })).toMatchObject({ transaction: 'open' })
})
