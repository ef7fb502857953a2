import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { ColumnType } from '../../../shared/data/types.ts'
import type { Row } from '../../../shared/data/wire.ts'
import type { Database } from '../../../src-main/dialects/dialect.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { column, execute, failure, fetchRows, int32, load, plan, query, text } from './subject.ts'

let folder: string
let db: Database
const more: Database[] = []

const open = async (config: Partial<ConnectionConfig> = {}) => {
  const database = await sqlite.open({ dialect: 'sqlite', file: 'test.db', ...config }, folder)
  more.push(database)
  return database
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lanes-'))
  db = await open()
})

afterEach(async () => {
  await Promise.all(more.splice(0).map((database) => database.close()))
  await rm(folder, { recursive: true })
})

const select = async (sql: string, database = db) => (await query(database, sql)).rows
const typesOf = async (sql: string) => (await db.describe({ sql })).map((each) => each.type.kind)

describe('opening a file', () => {
  const attempt = async (config: Partial<ConnectionConfig>) => failure((await open(config)).tables())

  it('says what is wrong with the path', async () => {
    await mkdir(join(folder, 'inner'))
    await writeFile(join(folder, 'notes.txt'), 'Not a database, though long enough to be taken for one.\n'.repeat(40))
    for (const config of [
      { file: 'missing/test.db' },
      { file: 'missing.db', readOnly: true },
      { file: 'inner' },
      { file: 'notes.txt' },
    ]) {
      expect(await attempt(config)).toMatchObject({
        code: 'CONNECTION_FILE',
        message: expect.stringContaining(join(folder, config.file.split('/')[0] ?? '')),
        hint: expect.any(String),
      })
    }
  })

  it('creates a file that is written to', async () => {
    const fresh = await open({ file: 'fresh.db' })
    await load(fresh, plan('t', [column('id', int32)]), [[1]])
    expect(await select('select * from t', await open({ file: 'fresh.db', readOnly: true }))).toEqual([[1]])
  })

  it('reports a lock that stays, as worth another try', async () => {
    await execute(db, 'create table t (id integer)')
    const impatient = await open({ driver: { busy_timeout: 50 } })
    await using holder = await db.session()
    await holder.begin()
    await holder.execute({ sql: 'insert into t values (1)' })
    expect(await failure(execute(impatient, 'insert into t values (2)'))).toMatchObject({
      code: 'CONNECTION_LOCKED',
      retryable: true,
    })
    await holder.commit()
    await execute(impatient, 'insert into t values (2)')
    expect(await select('select count(*) from t')).toEqual([[2n]])
  })

  it('read-only: reaches no other file, and cannot be unlocked', async () => {
    await execute(db, 'create table t (id integer)')
    const locked = await open({ readOnly: true })
    await using session = await locked.session()
    expect(await failure(session.execute({ sql: "attach 'other.db' as other" }))).toMatchObject({
      code: 'QUERY_DENIED',
    })
    expect(await failure(session.execute({ sql: 'pragma query_only = off' }))).toMatchObject({ code: 'QUERY_DENIED' })
    expect(await failure(session.execute({ sql: 'insert into t values (1)' }))).toMatchObject({
      code: 'QUERY_READ_ONLY',
    })
  })

  it('reads URLs', () => {
    expect(sqlite.parseUrl('sqlite:data/shop.db')).toEqual({ dialect: 'sqlite', file: 'data/shop.db' })
    expect(sqlite.parseUrl('sqlite:///var/a%20b.db?mode=ro')).toEqual({
      dialect: 'sqlite',
      file: '/var/a b.db',
      readOnly: true,
    })
    for (const url of ['sqlite:', 'sqlite:a.db?mode=x', 'sqlite:a.db?cache=shared']) {
      expect(() => sqlite.parseUrl(url)).toThrow(expect.objectContaining({ code: 'CONNECTION_INVALID' }))
    }
  })
})

describe('what is stored against what is declared', () => {
  const declared = async (type: string, value: string) => {
    await execute(db, `create table t (v ${type})`, `insert into t values (${value})`)
    return query(db, 'select v from t')
  }

  it.each<[string, string, ColumnType['kind'], unknown]>([
    ['real', '3', 'float64', 3],
    ['double', "'NaN'", 'float64', Number.NaN],
    ['double', '9e999', 'float64', Number.POSITIVE_INFINITY],
    ['boolean', "'t'", 'boolean', true],
    ['boolean', '0', 'boolean', false],
    ['decimal(10,2)', '19.9', 'decimal', '19.90'],
    ['decimal(10,2)', '7', 'decimal', '7.00'],
    ['numeric', '0.1', 'decimal', '0.1'],
    ['datetime', "'2024-01-02T03:04:05'", 'timestamp', '2024-01-02T03:04:05'],
    ['varchar(3)', '12', 'text', '12'],
    ['text', "'a' || char(0) || 'b'", 'text', 'a\0b'],
    ['some thing', '12', 'int64', 12n],
    ['some thing', "'x'", 'text', 'x'],
    ['', "x'00ff'", 'blob', Uint8Array.of(0, 255)],
  ])('%s holding %s is read as %s', async (type, value, kind, cell) => {
    const { columns, rows } = await declared(type, value)
    expect(columns[0]?.type.kind).toBe(kind)
    expect(rows).toEqual([[cell]])
  })

  it.each([
    ['integer', "'many'"],
    ['integer', '1.5'],
    ['integer', "''"],
    ['real', "'much'"],
    ['text', "x'00'"],
    ['timestamp', '1700000000'],
    ['boolean', '2'],
  ])('%s holding %s stops the query, naming row and column', async (type, value) => {
    await execute(db, `create table t (v ${type})`, `insert into t values (null), (${value})`)
    await using session = await db.session()
    expect(await failure(fetchRows(session, { sql: 'select v from t' }))).toMatchObject({
      code: 'DATA_TYPE',
      message: expect.stringMatching(/Row 2, column v: /),
      hint: expect.stringContaining('cast'),
    })
    expect((await fetchRows(session, { sql: 'select count(*) as n from t' })).rows).toEqual([[2n]])
  })

  it('keeps every double', async () => {
    await load(db, plan('t', [column('n', int32), column('v', { kind: 'float64' })], { mode: 'fail' }), [])
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 200, maxLength: 400 }), async (values) => {
        const rows: Row[] = values.map((value, index) => [index, value])
        await load(db, plan('t', [column('n', int32), column('v', { kind: 'float64' })], { mode: 'truncate' }), rows)
        const found = await select('select v from t order by n')
        // SQLite keeps no sign of zero.
        expect(found).toEqual(values.map((value) => [value === 0 ? 0 : value]))
      }),
      { numRuns: 10 },
    )
  })

  it('stores whole numbers whole in columns of any affinity', async () => {
    await execute(db, 'create table t (a text, b numeric, c, d real, e integer)')
    const columns = ['a', 'b', 'c', 'd', 'e'].map((name) => column(name, { kind: 'int64' }))
    await load(db, plan('t', columns), [
      [1n, 1n, 1n, 1n, 1n],
      [9007199254740993n, 9007199254740993n, 9007199254740993n, null, -9223372036854775808n],
    ])
    const { rows } = await query(db, 'select a, typeof(b) || b, typeof(c) || c, typeof(d) || d, typeof(e) || e from t')
    expect(rows).toEqual([
      ['1', 'integer1', 'integer1', 'real1.0', 'integer1'],
      ['9007199254740993', 'integer9007199254740993', 'integer9007199254740993', null, 'integer-9223372036854775808'],
    ])
  })
})

describe('queries that SQLite rewrites', () => {
  it('keeps the order and the limit of the query', async () => {
    await execute(db, 'create table t (id integer, v text)')
    await load(
      db,
      plan('t', [column('id', int32), column('v', text)]),
      Array.from({ length: 300 }, (_, index): Row => [(index * 7) % 300, `v${index}`]),
    )
    const wanted = Array.from({ length: 5 }, (_, index) => 299 - index)
    const ids = async (sql: string) => (await select(sql)).map((row) => Number(row[0]))
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
    await execute(db, 'create table t (id integer)')
    await load(
      db,
      plan('t', [column('id', int32)]),
      Array.from({ length: 500 }, (_, index): Row => [index]),
    )
    const rows = await select("select iif(random() > 0, x'01', null) as v from t")
    const lengths = new Set(rows.map(([cell]) => (cell instanceof Uint8Array ? cell.length : cell)))
    expect(lengths).toEqual(new Set([1, null]))
  })

  it('gives the rows of statements that cannot be wrapped', async () => {
    await execute(db, 'create table t (id integer primary key, v text)')
    expect(await select("insert into t values (1, 'one'), (2, 'two') returning id, v")).toEqual([
      [1n, 'one'],
      [2n, 'two'],
    ])
    expect((await query(db, 'pragma table_info(t)')).columns.map((each) => each.name)).toContain('dflt_value')
    expect(await select('explain query plan select * from t')).toHaveLength(1)
  })

  it('takes very many columns', async () => {
    const names = Array.from({ length: 700 }, (_, index) => `c${index}`)
    await execute(db, `create table t (${names.map((name) => `${name} integer`).join(', ')})`)
    await execute(db, `insert into t values (${names.map((_, index) => index).join(', ')})`)
    expect(await select('select * from t')).toEqual([names.map((_, index) => BigInt(index))])
  })

  it('runs one statement at a time', async () => {
    expect(await failure(execute(db, 'create table a (id integer); drop table a'))).toMatchObject({
      code: 'QUERY_SYNTAX',
    })
    expect(await db.tables()).toEqual([])
    await execute(
      db,
      'create table t (id integer)',
      'create trigger copy after insert on t when new.id < 3 begin insert into t values (new.id + 10); end;',
      'insert into t values (1)',
    )
    expect(await select('select id from t order by id')).toEqual([[1n], [11n]])
  })

  it('counts the rows of the statement itself, not of triggers or of earlier ones', async () => {
    await execute(
      db,
      'create table log (id integer)',
      'create table t (id integer)',
      'create trigger copy after insert on t begin insert into log values (new.id); end',
    )
    await using session = await db.session()
    const affected = async (sql: string) => (await session.execute({ sql })).affected
    expect(await affected('insert into t values (1), (2), (3)')).toBe(3)
    expect(await affected('create table other (id integer)')).toBe(0)
    expect(await affected('insert into t values (4), (5) returning id')).toBe(2)
    expect(await affected('select * from t')).toBe(0)
    expect(await affected('delete from t')).toBe(5)
  })

  it('refuses a statement while rows are read on the same connection', async () => {
    await execute(db, 'create table t (id integer)', 'insert into t values (1)')
    await using session = await db.session()
    const rows = session.read({ sql: 'select id from t' }).rows(1)[Symbol.asyncIterator]()
    await rows.next()
    expect(await failure(session.execute({ sql: 'delete from t' }))).toMatchObject({ code: 'RUN_STATE' })
  })
})

describe('types of computed columns', () => {
  beforeEach(async () => {
    await execute(
      db,
      'create table sales (id integer primary key, day date, amount real, region text)',
      "insert into sales values (1, '2019-01-01', 1.5, 'n'), (2, '2019-01-02', 2, 's')",
      'create table empty (a integer, b real, c text)',
      'create view totals as select region, sum(amount) as total, count(*) as n from sales group by region',
    )
  })

  it('come from a sample, whatever the conditions', async () => {
    expect(await typesOf('select count(*), sum(amount), max(day), id * 2, id / 2.0, region || 1 from sales')).toEqual([
      'int64',
      'float64',
      'text',
      'int64',
      'float64',
      'text',
    ])
    expect(
      await typesOf("select day, sum(amount) from sales where day >= '2024-01-01' group by day having sum(id) > 9"),
    ).toEqual(['date', 'float64'])
    expect(
      await typesOf(
        'select s.id + 1, e.b * 2 from sales s join empty e on e.a = s.id and (e.b > 100) where s.id in (7)',
      ),
    ).toEqual(['int64', 'float64'])
  })

  it('are known for tables without rows, views and recursion', async () => {
    expect(await typesOf('select a + 1, b + 1, upper(c) from empty')).toEqual(['int64', 'float64', 'text'])
    expect(await typesOf('select total, n from totals where region = :none')).toEqual(['float64', 'int64'])
    expect(await typesOf('with recursive n(x) as (select 1 union all select x + 1 from n) select x from n')).toEqual([
      'int64',
    ])
  })

  it('see what the open transaction made', async () => {
    await using session = await db.session()
    await session.begin()
    await session.execute({ sql: 'create table made (v integer)' })
    await session.execute({ sql: 'insert into made values (1)' })
    expect((await fetchRows(session, { sql: 'select v + 1 as w from made' })).columns[0]?.type.kind).toBe('int64')
  })

  it('tell how to mend a value that does not fit what was seen', async () => {
    await execute(db, 'create table mixed (v)')
    await load(
      db,
      plan('mixed', [column('v', { kind: 'int64' })]),
      Array.from({ length: 1000 }, (): Row => [1n]),
    )
    await execute(db, "update mixed set v = 'odd' where rowid = 500")
    expect(await failure(query(db, 'select v from mixed'))).toMatchObject({
      code: 'DATA_TYPE',
      message: expect.stringContaining('Row 500'),
      hint: expect.stringContaining('cast'),
    })
  })
})

describe('loads', () => {
  const columns = [column('id', int32), column('v', text)]

  it('upsert asks for a unique key, and says how to make one', async () => {
    await execute(db, 'create table t (id integer, v text)')
    const error = await failure(load(db, plan('t', columns, { mode: 'upsert', keys: ['id'] }), [[1, 'a']]))
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', hint: expect.stringContaining('create unique index') })
    const hint = error instanceof Error && 'hint' in error ? String(error.hint).replace('Run: ', '') : ''
    await execute(db, hint)
    expect(await load(db, plan('t', columns, { mode: 'upsert', keys: ['id'] }), [[1, 'a']])).toMatchObject({
      inserted: 1,
    })
  })

  it('update and delete match by columns without an index, and leave none behind', async () => {
    await execute(db, 'create table t (id integer, v text)', "insert into t values (1, 'a'), (1, 'b'), (2, 'c')")
    expect(await load(db, plan('t', columns, { mode: 'update', keys: ['id'] }), [[1, 'z']])).toMatchObject({
      updated: 2,
    })
    expect(await load(db, plan('t', columns, { mode: 'delete', keys: ['id'] }), [[2, null]])).toMatchObject({
      deleted: 1,
    })
    expect(await select('select id, v from t')).toEqual([
      [1n, 'z'],
      [1n, 'z'],
    ])
    expect(await select("select count(*) from sqlite_schema where type = 'index'")).toEqual([[0n]])
  })

  it('name the row that was refused', async () => {
    await execute(db, 'create table t (id integer primary key, v text)')
    const rows = Array.from({ length: 3000 }, (_, index): Row => [index === 2000 ? 5 : index, 'v'])
    expect(await failure(load(db, plan('t', columns), rows))).toMatchObject({
      code: 'DATA_CONSTRAINT',
      message: expect.stringMatching(/Row 2001 for table t: .*t\.id/),
    })
  })

  it('refuse a column type that is more than a type', async () => {
    const todo = plan('t', columns, { types: { v: 'text); drop table x; --' } })
    expect(await failure(load(db, todo, []))).toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('refuse rows that end in the middle', async () => {
    await using session = await db.session()
    const writer = await session.write(plan('t', columns))
    await writer.write(new TextEncoder().encode('1,a\n2,"b'))
    expect(await failure(writer.finish())).toMatchObject({ code: 'DATA_SHORT' })
    expect(await db.tables()).toEqual([])
  })
})

it('a lane ends when the process that started it is killed, in the middle of a statement', async () => {
  const entry = fileURLToPath(new URL('../../../src-main/dialects/sqlite/index.ts', import.meta.url))
  const program = `
    const { sqlite } = await import(${JSON.stringify(entry)})
    const db = await sqlite.open({ dialect: 'sqlite', file: 'test.db' }, ${JSON.stringify(folder)})
    const session = await db.session()
    const slow = 'with recursive n(x) as (select 1 union all select x + 1 from n where x < 1e12) select count(*) from n'
    const running = session.execute({ sql: slow })
    console.log(session.processId)
    await running`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lane = await new Promise<number>((resolve) => {
    parent.stdout.once('data', (data) => resolve(Number(data)))
  })
  expect(process.kill(lane, 0)).toBe(true)
  parent.kill('SIGKILL')
  await vi.waitFor(() => expect(() => process.kill(lane, 0)).toThrow('ESRCH'), { timeout: 15_000, interval: 50 })
}, 30_000)
