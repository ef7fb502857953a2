import { describe, expect, it } from 'vitest'
import type { DialectId } from '../../../shared/connections.ts'
import { changesSchema, isQuery, parametersOf, statementAt, statementsOf } from '../../../shared/sql/statements.ts'

const texts = (sql: string, dialect: DialectId = 'postgres') =>
  statementsOf(sql, dialect).map(({ from, to }) => sql.slice(from, to))

describe('statements of a text', () => {
  it('are parted by semicolons outside quotes, comments and dollar quotes', () => {
    const sql = '-- one; two\nselect \';\' as a; /* ; */ select $$;$$;\n;; select "b;" -- end'
    expect(texts(sql)).toEqual(["select ';' as a", 'select $$;$$', 'select "b;"'])
  })

  it('count error positions from where their text starts', () => {
    const sql = 'select 1;\n\n  select x'
    const [, second] = statementsOf(sql, 'sqlite')
    expect(second && sql.slice(second.start, second.start + second.sql.length)).toBe(second?.sql)
    expect(second?.from).toBe(sql.lastIndexOf('select'))
  })

  it('hold the body of a trigger or procedure whole', () => {
    const trigger =
      'create trigger t after insert on a begin update b set c = case when 1 then 2 end; delete from d; end'
    expect(texts(`${trigger}; select 1`, 'sqlite')).toEqual([trigger, 'select 1'])
    const procedure =
      'create procedure p() begin declare i int; if i > 0 then begin select 1; end; end if; while i < 3 do set i = 3; end while; case i when 1 then select 1; end case; end'
    expect(texts(`${procedure}; select 2`, 'mysql')).toEqual([procedure, 'select 2'])
  })

  it('are found by the caret: around it, else the one before', () => {
    const sql = 'select 1;   \n\nselect 2  ; '
    const statements = statementsOf(sql, 'postgres')
    const at = (position: number) => {
      const found = statementAt(statements, position)
      return found && sql.slice(found.from, found.to)
    }
    expect([0, 8, 9, 12, 14, 22, 25].map(at)).toEqual([
      'select 1',
      'select 1',
      'select 1',
      'select 1',
      'select 2',
      'select 2',
      'select 2',
    ])
    expect(statementAt([], 0)).toBeUndefined()
  })

  it('name their parameters once, in order', () => {
    expect(parametersOf("select :b, a::text, ':no', :a from t where x = :b", 'postgres')).toEqual(['b', 'a'])
    expect(parametersOf(`select {'a':b, "c":d, 'e'::text: :f}, map {'k':v}`, 'duckdb')).toEqual(['f'])
  })
})

describe('queries', () => {
  it.each([
    ['select 1', true],
    ['  -- hi\n (select 1)', true],
    ['values (1)', true],
    ['with a as (select 1) select * from a', true],
    ['with a as (select 1) select * from b for update', true],
    ["select 'into' from t", true],
    ['with a as (delete from t returning *) select * from a', false],
    ['select * into copy from t', false],
    ['insert into t values (1) returning id', false],
    ['explain select 1', false],
    ['show tables', false],
  ])('%s: %s', (sql, expected) => {
    expect(isQuery(sql, 'postgres')).toBe(expected)
  })
})

describe('the schema', () => {
  it.each<[DialectId, string]>([
    ['postgres', '-- new\n CREATE TABLE a (b int)'],
    ['postgres', 'create or replace view v as select 1'],
    ['postgres', 'drop index i'],
    ['postgres', "comment on table a is 'b'"],
    ['postgres', 'select * into b from a'],
    ['postgres', 'with q as (select 1 as n) select n into b from q'],
    ['postgres', 'do $$ begin create table a (b int); end $$'],
    ['postgres', 'call make_tables()'],
    ['mysql', '/* one */ call make_tables(1)'],
    ['mysql', 'execute made'],
    ['mysql', 'rename table a to b'],
    ['sqlite', 'alter table a add column b text'],
  ])('is changed (%s: %s)', (dialect, sql) => expect(changesSchema(sql, dialect)).toBe(true))

  it.each<[DialectId, string]>([
    ['postgres', "select 'create table a'"],
    ['postgres', 'with q as (insert into a values (1) returning *) select * from q'],
    ['mysql', 'do release_lock("create")'],
    ['mysql', 'select 1 into @create'],
    ['mysql', 'explain select 1'],
    ['sqlite', 'insert into "create" values (1)'],
    ['sqlite', 'pragma table_info(a)'],
  ])('is left as it is (%s: %s)', (dialect, sql) => expect(changesSchema(sql, dialect)).toBe(false))
})
