import { describe, expect, it } from 'vitest'
import type { WriteMode } from '../../../src-main/dialects/dialect.ts'
import { MariaDbDatabase } from './mysql-database.ts'
import { PostgresDatabase } from './postgres-database.ts'
import { column, failure, int32, load, loadOn, plan } from './subject.ts'

const columns = [column('id', int32)]

describe('a new table of Postgres', () => {
  const at = new PostgresDatabase()
  const waiting = async () =>
    (await at.sql("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"))
      .length > 0

  /** Two loads into a table that is not there; the first commits when the second waits for it. */
  async function both(mode: WriteMode) {
    await at.sql('drop table if exists fresh')
    const todo = plan('fresh', columns, { mode, keys: mode === 'upsert' ? ['id'] : [] })
    await using first = await at.db.session()
    await first.begin()
    await loadOn(first, at.db, todo, [[1], [2]])
    const second = load(at.db, todo, [[2], [3]]).catch((error: unknown) => error)
    while (!(await waiting())) await new Promise((resolve) => setImmediate(resolve))
    await first.commit()
    return second
  }

  it('in a schema that is not there is refused with what to do', async () => {
    const todo = { ...plan('fresh', columns), table: { schema: 'nosuch', name: 'fresh' } }
    expect(await failure(load(at.db, todo, [[1]]))).toMatchObject({
      code: 'QUERY_MISSING',
      hint: expect.stringContaining('create schema'),
    })
  })

  const ids = async () => (await at.sql('select id from fresh order by id')).map(({ id }) => id)

  it.each([
    ['append', { inserted: 2 }, [1, 2, 2, 3]],
    ['upsert', { inserted: 1 }, [1, 2, 3]],
    ['truncate', { inserted: 2 }, [2, 3]],
    ['replace', { inserted: 2 }, [2, 3]],
  ] as [WriteMode, object, number[]][])(
    'that another load makes at the same time is taken up by mode %s',
    async (mode, counts, left) => {
      expect(await both(mode)).toMatchObject(counts)
      expect(await ids()).toEqual(left)
    },
  )

  it('that another load makes at the same time is there for mode fail', async () => {
    expect(await both('fail')).toMatchObject({ code: 'QUERY_CONFLICT', message: 'Table fresh already exists.' })
    expect(await ids()).toEqual([1, 2])
  })
})

describe('a new table of MariaDB', () => {
  const at = new MariaDbDatabase()

  it('that another load makes first refuses this one, which finds the table when it is tried again', async () => {
    const todo = plan('fresh', columns)
    await using first = await at.db.session()
    await first.begin()
    await loadOn(first, at.db, todo, [[1]])
    await load(at.db, todo, [[2]])
    expect(await failure(first.commit())).toMatchObject({
      code: 'QUERY_CONFLICT',
      retryable: true,
      message: expect.stringContaining('made the table meanwhile'),
    })
    expect(await load(at.db, todo, [[3]])).toMatchObject({ inserted: 1 })
    expect(await at.server.sql('select id from fresh order by id')).toEqual([{ id: 2 }, { id: 3 }])
    expect((await at.server.sql('show tables')).flatMap((row) => Object.values(row))).toEqual(['fresh'])
  })
})
