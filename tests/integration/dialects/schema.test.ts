import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { MySession } from '../../../src-main/dialects/mysql/session.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { PgSession } from '../../../src-main/dialects/postgres/session.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { LaneProcess } from '../../../src-main/dialects/sqlite/lane-process.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { schemaConforms } from './schema-conformance.ts'
import { execute } from './subject.ts'

/** Counts calls without changing what they do. */
const spies = new Set<{ mock: { calls: unknown[] } }>()
beforeEach(() => {
  spies.add(vi.spyOn(PgSession.prototype, 'query'))
  spies.add(vi.spyOn(MySession.prototype, 'script'))
  spies.add(vi.spyOn(LaneProcess.prototype, 'call'))
})
afterEach(() => {
  vi.restoreAllMocks()
  spies.clear()
})
let seen = 0
const queries = () => {
  const before = seen
  seen = [...spies].reduce((sum, { mock }) => sum + mock.calls.length, 0)
  return seen - before
}

const text = { defaultText: `'it''s'`, method: 'btree' }

schemaConforms(
  'SQLite',
  {
    defaultText: `'it''s'`,
    method: null,
    many: 5_000,
    makeMany: (database) =>
      execute(
        database,
        'begin',
        ...numbers(5_000).map((n) => `create table many_${n} (id integer primary key, a int)`),
        'commit',
      ),
  },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-schema-'))
    const config = { dialect: 'sqlite' as const, file: 'test.db' }
    const database = await sqlite.open(config, folder)
    return {
      database,
      readOnly: () => sqlite.open({ ...config, readOnly: true }, folder),
      schema: null,
      queries,
      async cleanup() {
        await database.close()
        await rm(folder, { recursive: true })
      },
    }
  },
)

schemaConforms(
  'Postgres',
  {
    ...text,
    defaultText: `'it''s'::character varying`,
    many: 5_000,
    makeMany: async (database) => {
      const one = 'create table many_%s (id int primary key, a int)'
      for (let from = 1; from <= 5_000; from += 500)
        await execute(
          database,
          `do $$ begin for n in ${from}..${from + 499} loop execute format('${one}', n); end loop; end $$`,
        )
    },
  },
  async () => {
    const fresh = await freshDatabase()
    const config = postgres.parseUrl(fresh.url)
    const database = await postgres.open(config, '/')
    return {
      database,
      readOnly: () => postgres.open({ ...config, readOnly: true }, '/'),
      schema: 'public',
      queries,
      async cleanup() {
        await database.close()
        await fresh.drop()
      },
    }
  },
)

schemaConforms(
  'MariaDB',
  {
    ...text,
    many: 1_200,
    // Views take a tenth of the time that tables do, and are listed like them.
    makeMany: (database) =>
      execute(database, ...numbers(1_200).map((n) => `create view many_${n} as select ${n} as id, 'a' as a`)),
  },
  async () => {
    const fresh = await freshMariaDb()
    const config = mysql.parseUrl(fresh.url)
    const database = await mysql.open(config, '/')
    return {
      database,
      readOnly: () => mysql.open({ ...config, readOnly: true }, '/'),
      schema: fresh.name,
      queries,
      async cleanup() {
        await database.close()
        await fresh.drop()
      },
    }
  },
)

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}
