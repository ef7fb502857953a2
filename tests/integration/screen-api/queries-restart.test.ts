import { expect, test } from 'vitest'
import { adminQuery, provisionPostgres } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

/** A backend that dies makes Postgres end all others and start anew, as after a crash of the machine. */
test('a server that starts anew is told to a tab with a transaction, and found again by all', async () => {
  const server = await provisionPostgres()
  if ('missing' in server) throw new Error(server.missing)
  try {
    await using api = await queriesApi({ db: server.url })
    await api.run('create table t (n int)')
    // The server of the tests does not wait for its disk, so the table is written out before all is lost that was not.
    await adminQuery(server.url, 'checkpoint')
    await api.run('insert into t values (1)', { manual: true, session: 'open' })
    expect(await api.rows('select 1', { session: 'calm' })).toEqual([['1']])
    const [[pid] = []] = await api.rows('select pg_backend_pid()', { session: 'dying' })
    process.kill(Number(pid), 'SIGKILL')
    await expect.poll(() => api.client.queries.state({ session: 'open' })).toMatchObject({ transaction: 'lost' })
    await expect.poll(() => adminQuery(server.url, 'select 1').catch(() => []), { timeout: 30_000 }).toHaveLength(1)
    await expect(api.run('select 1', { session: 'open' })).rejects.toMatchObject({
      data: { code: 'CONNECTION_LOST', hint: expect.stringContaining('Reconnect') },
    })
    await api.client.queries.reconnect({ session: 'open' })
    expect(await api.rows('select count(*) from t', { session: 'open' })).toEqual([['0']])
    expect(await api.rows('select 2', { session: 'calm' })).toEqual([['2']])
  } finally {
    await server.stop()
  }
})
