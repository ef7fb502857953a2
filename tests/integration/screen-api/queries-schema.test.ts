import { expect, test } from 'vitest'
import type { SessionState } from '../../../shared/contract/queries.ts'
import { describeDatabases } from './queries-subjects.ts'

describeDatabases((bench) => {
  const state = (): Promise<SessionState> => bench.api.client.queries.state({ session: 'tab' })
  const made = () => ({ ...bench.api.place, at: expect.any(String) })

  test('a tab tells of a statement that changes the schema, and of no other', async () => {
    const { api } = bench
    const before = (await state()).changed
    await api.run("select 1; insert into items values (7, 'create table', 1); delete from items where id = 7")
    expect((await state()).changed).toEqual(before)
    await api.run('create table items (id integer)')
    expect((await state()).changed, 'it failed').toEqual(before)
    const events = await api.run('create table made (id integer); select 1; select * from nowhere')
    expect(events.at(-1)).toMatchObject({ type: 'session', state: { running: false, changed: made() } })
    const { changed } = await state()
    expect(changed).not.toEqual(before)
    await api.run('/* away */ drop table made', { sure: true })
    expect((await state()).changed).not.toEqual(changed)
  })

  test('what a transaction made is told once others see it', async () => {
    const { api } = bench
    const before = (await state()).changed
    const others = () => api.rows('select count(*) from held', { session: 'other' })
    await api.run('create table held (id integer)', { manual: true, sure: true })
    if (bench.name !== 'MariaDB') {
      expect(await state()).toMatchObject({ transaction: 'open', changed: before })
      await expect(others()).rejects.toMatchObject({ code: 'QUERY_MISSING' })
      await api.client.queries.commit({ session: 'tab' })
    }
    expect(await state()).toMatchObject({ changed: made() })
    expect((await state()).changed).not.toEqual(before)
    expect(await others()).toEqual([['0']])
    await api.client.queries.close({ session: 'other' })
  })
})
