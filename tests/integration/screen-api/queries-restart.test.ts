import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mariadbQuery, privateMariaDb } from '../../helpers/mariadb.ts'
import { adminQuery, provisionPostgres } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

interface Subject {
  url: string
  ask(sql: string): Promise<unknown[]>
  /** What was committed is kept from now on: the servers of the tests do not wait for their disk. */
  settle: string
  /** Ends the server as a crash of its machine would; it starts anew by itself. */
  crash(): Promise<void>
  stop(): Promise<void>
}

const servers: Record<string, () => Promise<Subject>> = {
  Postgres: async () => {
    const server = await provisionPostgres()
    if ('missing' in server) throw new Error(server.missing)
    const ask = (sql: string) => adminQuery(server.url, sql)
    return {
      url: server.url,
      ask,
      settle: 'checkpoint',
      /** A backend that dies makes Postgres end all others. */
      async crash() {
        await using api = await queriesApi({ db: server.url })
        const [[pid] = []] = await api.rows('select pg_backend_pid()')
        process.kill(Number(pid), 'SIGKILL')
      },
      stop: server.stop,
    }
  },
  MariaDB: async () => {
    const server = await privateMariaDb()
    await mariadbQuery(server.adminUrl, 'create database shop')
    return {
      url: new URL('/shop', server.adminUrl).href,
      ask: (sql) => mariadbQuery(server.adminUrl, sql),
      settle: 'set global innodb_flush_log_at_trx_commit = 1',
      async crash() {
        process.kill(await server.pid(), 'SIGKILL')
      },
      stop: server.stop,
    }
  },
}

describe.each(Object.entries(servers))('%s', (_name, open) => {
  let subject: Subject
  beforeAll(async () => {
    subject = await open()
  })
  afterAll(() => subject.stop())

  test('a server that starts anew is told to a tab with a transaction, and found again by all', async () => {
    await using api = await queriesApi({ db: subject.url })
    await subject.ask(subject.settle)
    await api.run('create table t (n int)')
    await subject.ask(subject.settle)
    await api.run('insert into t values (1)', { manual: true, session: 'open' })
    expect(await api.rows('select 1', { session: 'calm' })).toEqual([['1']])
    await subject.crash()
    await expect.poll(() => api.client.queries.state({ session: 'open' })).toMatchObject({ transaction: 'lost' })
    await expect.poll(() => subject.ask('select 1').catch(() => []), { timeout: 60_000 }).toHaveLength(1)
    await expect(api.run('select 1', { session: 'open' })).rejects.toMatchObject({
      data: { code: 'CONNECTION_LOST', hint: expect.stringContaining('Reconnect') },
    })
    await api.client.queries.reconnect({ session: 'open' })
    expect(await api.rows('select count(*) from t', { session: 'open' })).toEqual([['0']])
    expect(await api.rows('select 2', { session: 'calm' })).toEqual([['2']])
  })
})

test('a MariaDB server that is frozen does not hold the tab, which goes on once it wakes', async () => {
  const server = await privateMariaDb()
  try {
    await using api = await queriesApi({ db: { url: server.adminUrl, driver: { connectTimeout: 300 } } })
    const [[before] = []] = await api.rows('select connection_id()')
    const pid = await server.pid()
    process.kill(pid, 'SIGSTOP')
    try {
      for await (const event of await api.start('select 1')) {
        if (event.type === 'statement') await api.client.queries.stop({ session: 'tab' })
      }
      await expect(api.run('select 2')).rejects.toMatchObject({ data: { code: 'CONNECTION_TIMEOUT' } })
    } finally {
      process.kill(pid, 'SIGCONT')
    }
    expect(await api.rows('select 3')).toEqual([['3']])
    expect(await api.rows('select connection_id()')).not.toEqual([[before]])
    await expect
      .poll(() => mariadbQuery(server.adminUrl, `select 1 from information_schema.processlist where id = ${before}`))
      .toEqual([])
  } finally {
    await server.stop()
  }
})
