import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import type { QueryEvent } from '../../../shared/contract/queries.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { queriesApi } from '../../helpers/queries-api.ts'

/** A database to run statements on, with what each has its own words for. */
export interface Subject {
  url: string
  /** Ends every connection of the server's database but the asking one; absent where there is no server. */
  cut?(): Promise<void>
  /** Statements at the server that match; absent where there is no server. */
  running?(text: string): Promise<number>
  numbers: string
  slow: string
  drop(): Promise<void>
}

const subjects: Record<string, () => Promise<Subject>> = {
  SQLite: async () => ({
    url: 'sqlite:shop.db',
    numbers:
      'with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000) select i, i % 7 as k from n',
    slow: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n',
    drop: async () => undefined,
  }),
  Postgres: async () => {
    const fresh = await freshDatabase()
    return {
      url: fresh.url,
      numbers: 'select i, i % 7 as k from generate_series(1, 200000) i',
      slow: 'select count(*) from generate_series(1, 1000000000) i, pg_sleep(0.001)',
      cut: async () => {
        await fresh.sql(
          'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
        )
      },
      running: fresh.running,
      drop: fresh.drop,
    }
  },
  MariaDB: async () => {
    const fresh = await freshMariaDb()
    return {
      url: fresh.url,
      numbers: 'select seq as i, seq % 7 as k from seq_1_to_200000',
      slow: 'select sleep(3600) as n',
      cut: async () => {
        const sessions = await fresh.sql(
          'select id from information_schema.processlist where db = ? and id <> connection_id()',
          [fresh.name],
        )
        for (const { id } of sessions) await fresh.sql(`kill connection ${Number(id)}`)
      },
      running: fresh.running,
      drop: fresh.drop,
    }
  },
}

/** What a suite of all databases works with, from its first test on. */
export interface Bench {
  readonly name: string
  readonly subject: Subject
  readonly api: Awaited<ReturnType<typeof queriesApi>>
}

/** The same tests for each database, with a table `items` of two rows, as `db` and as `guarded` (production). */
export function describeDatabases(tests: (bench: Bench) => void): void {
  describe.each(Object.entries(subjects))('%s', (name, open) => {
    let made: Bench | undefined
    const bench = (): Bench => {
      if (!made) throw new Error('The database is not open yet.')
      return made
    }
    beforeAll(async () => {
      const subject = await open()
      const api = await queriesApi({ db: subject.url, guarded: { url: subject.url, environment: 'production' } })
      made = { name, subject, api }
      if (name === 'SQLite') await writeFile(join(api.home, 'shop.db'), '')
      await api.run(
        "create table items (id integer primary key, name varchar(40), price decimal(10,2)); insert into items values (1, 'one', 1.50), (2, null, 2.25)",
      )
    })
    afterAll(async () => {
      await made?.api[Symbol.asyncDispose]()
      await made?.subject.drop()
    })
    tests({
      name,
      get subject() {
        return bench().subject
      },
      get api() {
        return bench().api
      },
    })
  })
}

/** What happened, without how far it was. */
export const kinds = (events: readonly QueryEvent[]) =>
  events.map(({ type }) => type).filter((type) => type !== 'progress')

export const ended = (events: readonly QueryEvent[]) =>
  events.filter((event) => event.type === 'done' || event.type === 'failed')
