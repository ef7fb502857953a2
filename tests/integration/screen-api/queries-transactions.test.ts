import { expect, test } from 'vitest'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { describeDatabases, ended } from './queries-subjects.ts'

describeDatabases((bench) => {
  test('a transaction by hand stays open until it is ended by hand', async () => {
    const other = { session: 'other' }
    const events = await bench.api.run("update items set name = 'held' where id = 2", { manual: true })
    expect(events.at(-1)).toMatchObject({ type: 'session', state: { transaction: 'open', since: expect.any(String) } })
    expect(await bench.api.rows('select name from items where id = 2', other)).toEqual([[null]])
    expect(await bench.api.client.queries.rollback({ session: 'tab' })).toMatchObject({
      transaction: 'idle',
      since: null,
    })
    expect(await bench.api.rows('select name from items where id = 2')).toEqual([[null]])
    await bench.api.run("update items set name = 'kept' where id = 2", { manual: true })
    await bench.api.client.queries.commit({ session: 'tab' })
    expect(await bench.api.rows('select name from items where id = 2', other)).toEqual([['kept']])
    await bench.api.run('update items set name = null where id = 2')
    await bench.api.client.queries.close(other)
  })

  test('a transaction by hand is over after a rollback or commit that was typed', async () => {
    for (const [end, left] of [
      ['rollback', null],
      ['commit', 'typed'],
    ] as const) {
      await bench.api.run("update items set name = 'typed' where id = 2", { manual: true })
      const events = await bench.api.run(end, { manual: true })
      expect(events.at(-1)).toMatchObject({ type: 'session', state: { transaction: 'idle', since: null } })
      expect(await bench.api.rows('select name from items where id = 2', { session: 'other' })).toEqual([[left]])
    }
    await bench.api.run('update items set name = null where id = 2')
    await bench.api.client.queries.close({ session: 'other' })
  })

  test('Stop ends the statement at the server, and the tab goes on', async () => {
    const events: QueryEvent[] = []
    for await (const event of await bench.api.start(`${bench.subject.slow}; select 2`, { sure: true })) {
      events.push(event)
      if (event.type !== 'statement') continue
      if (bench.subject.running) await expect.poll(() => bench.subject.running?.(bench.subject.slow)).toBe(1)
      await bench.api.client.queries.stop({ session: 'tab' })
    }
    expect(ended(events)).toMatchObject([{ type: 'failed', error: { code: 'RUN_CANCELLED' } }])
    if (bench.subject.running) expect(await bench.subject.running(bench.subject.slow)).toBe(0)
    expect(await bench.api.rows('select 4')).toEqual([['4']])
  })

  test('closing the stream stops too', async () => {
    for await (const event of await bench.api.start(bench.subject.slow)) if (event.type === 'statement') break
    await expect.poll(async () => (await bench.api.client.queries.state({ session: 'tab' })).running).toBe(false)
    if (bench.subject.running) await expect.poll(() => bench.subject.running?.(bench.subject.slow)).toBe(0)
  })

  test('a lost connection opens again, but a lost transaction must be seen first', async () => {
    if (!bench.subject.cut) return
    await bench.api.rows('select 1')
    await bench.subject.cut()
    await expect.poll(() => bench.api.rows('select 5').catch(() => 'lost')).toEqual([['5']])
    await bench.api.run("update items set name = 'gone' where id = 1", { manual: true })
    await bench.subject.cut()
    await expect.poll(async () => (await bench.api.client.queries.state({ session: 'tab' })).transaction).toBe('lost')
    await expect(bench.api.run('select 6')).rejects.toMatchObject({ data: { code: 'CONNECTION_LOST' } })
    expect(await bench.api.client.queries.reconnect({ session: 'tab' })).toMatchObject({ transaction: 'idle' })
    expect(await bench.api.rows('select name from items where id = 1')).toEqual([['one']])
  })
})
