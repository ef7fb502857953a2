import { describe, expect, it } from 'vitest'
import type { Row } from '../../../shared/data/wire.ts'
import { SqliteFile } from './sqlite-file.ts'
import { column, execute, failure, int32, load, plan, query, text } from './subject.ts'

const at = new SqliteFile()

describe('queries that SQLite rewrites', () => {
  it('keeps the order and the limit of the query', async () => {
    await execute(at.db, 'create table t (id integer, v text)')
    await load(
      at.db,
      plan('t', [column('id', int32), column('v', text)]),
      Array.from({ length: 300 }, (_, index): Row => [(index * 7) % 300, `v${index}`]),
    )
    const wanted = Array.from({ length: 5 }, (_, index) => 299 - index)
    const ids = async (sql: string) => (await at.select(sql)).map((row) => Number(row[0]))
    expect(await ids('select id, v from t order by id desc limit 5')).toEqual(wanted)
    expect(await ids('select id + 0, upper(v) from t order by id desc limit 5')).toEqual(wanted)
    expect(await ids('select id from t where id > 297 union all select id from t where id < 2 order by id')).toEqual([
      0, 1, 298, 299,
    ])
    expect(await ids('with w as (select id from t) select id from w order by 1 limit 2 offset 3;  -- the end')).toEqual(
      [3, 4],
    )
    expect(await ids('values (3), (1), (2)')).toEqual([3, 1, 2])
  })

  it('evaluates an expression once per row', async () => {
    await execute(at.db, 'create table t (id integer)')
    await load(
      at.db,
      plan('t', [column('id', int32)]),
      Array.from({ length: 500 }, (_, index): Row => [index]),
    )
    const rows = await at.select("select iif(random() > 0, x'01', null) as v from t")
    const lengths = new Set(rows.map(([cell]) => (cell instanceof Uint8Array ? cell.length : cell)))
    expect(lengths).toEqual(new Set([1, null]))
  })

  it('gives the rows of statements that cannot be wrapped', async () => {
    await execute(at.db, 'create table t (id integer primary key, v text)')
    expect(await at.select("insert into t values (1, 'one'), (2, 'two') returning id, v")).toEqual([
      [1n, 'one'],
      [2n, 'two'],
    ])
    expect((await query(at.db, 'pragma table_info(t)')).columns.map((each) => each.name)).toContain('dflt_value')
    expect(await at.select('explain query plan select * from t')).toHaveLength(1)
  })

  it('takes very many columns', async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `c${index}`)
    await execute(at.db, `create table t (${names.map((name) => `${name} integer`).join(', ')})`)
    await execute(at.db, `insert into t values (${names.map((_, index) => index).join(', ')})`)
    expect(await at.select('select * from t')).toEqual([names.map((_, index) => BigInt(index))])
  })

  it('runs one statement at a time', async () => {
    expect(await failure(execute(at.db, 'create table a (id integer); drop table a'))).toMatchObject({
      code: 'QUERY_SYNTAX',
    })
    expect(await at.db.tables()).toEqual([])
    await execute(
      at.db,
      'create table t (id integer)',
      'create trigger copy after insert on t when new.id < 3 begin insert into t values (new.id + 10); end;',
      'insert into t values (1)',
    )
    expect(await at.select('select id from t order by id')).toEqual([[1n], [11n]])
  })

  it('refuses a parameter that SQLite would take NULL for', async () => {
    await execute(at.db, 'create table t (v text)', `insert into t values ('kept')`)
    const params = { n: { type: text, value: 'given' } }
    await using session = await at.db.session()
    for (const [sql, parameter] of [
      ['update t set v = ?', '?'],
      ['update t set v = ?2', '?2'],
      ['delete from t where v is @v', '@v'],
      ['/* none */ update t set v = $v', '$v'],
      ['delete from t where 1=0 or:v is null', ':v'],
      ['update t set v = :1', ':1'],
      ['update t set v = :é', ':é'],
      ['update t set v = :né', ':né'],
    ] as const)
      expect(await failure(session.execute({ sql, params })), sql).toMatchObject({
        code: 'QUERY_SYNTAX',
        message: expect.stringContaining(`The parameter ${parameter} `),
        at: { position: sql.indexOf(parameter) },
      })
    expect(await at.select('select v from t')).toEqual([['kept']])
  })

  it('takes the marks of parameters for no more than they are in strings, names and paths', async () => {
    const sql = `select '?', "@b", [:1], \`$c\`, a$b, '{"x":1}' -> '$.x' -- ? $d
      from (select 1 as "@b", 2 as ":1", 3 as "$c", 4 as a$b) /* :é */`
    expect(await at.select(sql)).toEqual([['?', 1n, 2n, 3n, 4n, '1']])
  })

  it('counts the rows of the statement itself, not of triggers or of earlier ones', async () => {
    await execute(
      at.db,
      'create table log (id integer)',
      'create table t (id integer)',
      'create trigger copy after insert on t begin insert into log values (new.id); end',
    )
    await using session = await at.db.session()
    const affected = async (sql: string) => (await session.execute({ sql })).affected
    expect(await affected('insert into t values (1), (2), (3)')).toBe(3)
    expect(await affected('create table other (id integer)')).toBe(null)
    expect(await affected('insert into t values (4), (5) returning id')).toBe(2)
    expect(await affected('select * from t')).toBe(null)
    expect(await affected('pragma table_info(t)')).toBe(null)
    expect(await affected('with gone as (select 9 as id) delete from t where id in (select id from gone)')).toBe(0)
    expect(await affected('delete from t')).toBe(5)
  })

  it('refuses a statement while rows are read on the same connection', async () => {
    await execute(at.db, 'create table t (id integer)', 'insert into t values (1)')
    await using session = await at.db.session()
    const rows = session.read({ sql: 'select id from t' }).rows(1)[Symbol.asyncIterator]()
    await rows.next()
    expect(await failure(session.execute({ sql: 'delete from t' }))).toMatchObject({ code: 'RUN_STATE' })
  })
})
