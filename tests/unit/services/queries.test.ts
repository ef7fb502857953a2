import { describe, expect, it } from 'vitest'
import type { DialectId } from '../../../shared/connections.ts'
import { statementsOf } from '../../../shared/sql/statements.ts'
import { loadDialect } from '../../../src-main/dialects/index.ts'
import { cautionsOf } from '../../../src-main/services/queries/cautions.ts'
import { singleSource } from '../../../src-main/services/queries/edits/source.ts'
import { sameValue } from '../../../src-main/services/queries/edits/values.ts'

describe('cautions', () => {
  const cautions = async (sql: string, { dialect = 'postgres', production = false, manual = false } = {}) => {
    const id = dialect as DialectId
    const config = { dialect: id, ...(production && { environment: 'production' as const }) }
    return cautionsOf(statementsOf(sql, id), { dialect: await loadDialect(id), config }, manual).map(({ kind }) => kind)
  }

  it.each([
    ['delete from t', ['no-where']],
    ['update t set a = (select 1)', ['no-where']],
    ["update t set a = 'where'", ['no-where']],
    ['update t set a = 1 /* where */', ['no-where']],
    ['with x as (select 1 where true) delete from t', ['no-where']],
    ['delete from t where id = 1', []],
    ['update t set a = 1 where b = 2', []],
    ['insert into t values (1) on conflict (id) do update set a = 1', []],
    ['select * from t for update', []],
    ['with x as (select 1) select * from x for update of x', []],
    ['update t set a = (select max(b) from u where u.id = t.id)', ['no-where']],
    ['update t set a = (select 1) where id in (select 2)', []],
    ['with gone as (delete from t returning *) select * from gone where id = 1', ['no-where']],
    ['with gone as (delete from t where id = 1 returning *) select * from gone', []],
    ['explain analyze delete from t', ['no-where']],
    ['explain (analyze, buffers) delete from t', ['no-where']],
    ['explain delete from t', []],
    ['analyze t', []],
    ['drop table t', ['drop']],
    ['truncate t', ['drop']],
    ['alter table t drop column a', ['drop']],
    ['select 1; delete from t; drop view v', ['no-where', 'drop']],
  ])('%s', async (sql, expected) => {
    expect(await cautions(sql)).toEqual(expected)
  })

  it('come before anything that writes to production', async () => {
    const production = true
    expect(await cautions('insert into t values (1)', { production })).toEqual(['production'])
    expect(await cautions('create table t (a int)', { production })).toEqual(['production'])
    expect(await cautions('select 1; explain select 1; set search_path = x', { production })).toEqual([])
    expect(await cautions('explain analyze insert into t values (1)', { production })).toEqual(['production'])
    expect(await cautions('with a as (insert into t values (1) returning *) table a', { production })).toEqual([
      'production',
    ])
    expect(await cautions("with x as (select 'abc' a) select replace(a, 'b', 'c') from x", { production })).toEqual([])
  })

  it('come before what would commit a transaction', async () => {
    expect(await cautions('create table t (a int)', { dialect: 'mysql', manual: true })).toEqual(['commits'])
    expect(await cautions('create table t (a int)', { dialect: 'postgres', manual: true })).toEqual([])
    expect(await cautions('rollback; commit', { dialect: 'mysql', manual: true })).toEqual([])
    expect(await cautions('analyze delete from t', { dialect: 'mysql' })).toEqual(['no-where'])
  })

  it('look into blocks and comments that are run, and not into names', async () => {
    const mysql = { dialect: 'mysql' }
    expect(await cautions('begin not atomic select 1; delete from t; end', mysql)).toEqual(['no-where'])
    expect(await cautions('if (select 1) then drop table t; end if', mysql)).toEqual(['drop'])
    expect(await cautions('begin not atomic delete from t where a = 1; end', mysql)).toEqual([])
    expect(await cautions('begin not atomic select f(); end', { ...mysql, production: true })).toEqual(['production'])
    expect(await cautions('begin; commit', { ...mysql, production: true })).toEqual([])
    expect(await cautions('/*!50000 drop table t */', mysql)).toEqual(['drop'])
    expect(await cautions('delete from t where [where] = 1', { dialect: 'sqlite' })).toEqual([])
    expect(await cautions('update t set [where] = 1', { dialect: 'sqlite' })).toEqual(['no-where'])
  })
})

describe('the single table of a query', () => {
  const named = (sql: string, dialect: DialectId = 'postgres') => {
    const found = singleSource(sql, dialect)
    const items = found?.items.map((item) => (item === null || item === '*' ? item : item.text))
    return found && [found.schema?.text, found.table.text, items]
  }

  it.each<[string, unknown]>([
    ['select * from t', [undefined, 't', ['*']]],
    ['select t.*, a + 1 as b from t where x in (select y from z) order by 1 limit 3', [undefined, 't', ['*', null]]],
    ['select "a b", c as d, e f, upper(g), i.h from s."T x" i', ['s', 'T x', ['a b', 'c', 'e', null, 'h']]],
    ['select a from t as u where u.a = 1', [undefined, 't', ['a']]],
    ['select distinct a from t', undefined],
    ['select a from t, u', undefined],
    ['select a from t join u on true', undefined],
    ['select a from t u cross join v', undefined],
    ['select a, count(*) from t group by a', undefined],
    ['select a from t where b = 1 union select 2', undefined],
    ['select a from (select 1 as a) t', undefined],
    ['select a from f(1)', undefined],
    ['with t as (select 1) select * from t', undefined],
    ['update t set a = 1', undefined],
    ['select 1', undefined],
  ])('%s', (sql, expected) => {
    expect(named(sql)).toEqual(expected)
  })

  it('is named in the quotes of its dialect', () => {
    expect(named('select `a` from `my t`', 'mysql')).toEqual([undefined, 'my t', ['a']])
    expect(named('select "a" from t', 'mysql')).toEqual([undefined, 't', [null]])
    expect(named('select [a, b] from [my t]', 'sqlite')).toEqual([undefined, 'my t', ['a, b']])
  })
})

describe('the same value', () => {
  it.each<[string | null, string | null, Parameters<typeof sameValue>[2], boolean]>([
    ['1.50', '1.5', { kind: 'decimal' }, true],
    ['9007199254740993', '9007199254740992', { kind: 'int64' }, false],
    ['1e+20', '100000000000000000000', { kind: 'float64' }, true],
    ['', null, { kind: 'text' }, false],
    ['1.50', '1.5', { kind: 'text' }, false],
    ['2024-01-01T10:00:00', '2024-01-01 10:00:00.000', { kind: 'timestamp' }, true],
    ['2024-01-01 10:00:00.120+00', '2024-01-01 10:00:00.12+00', { kind: 'timestamptz' }, true],
    ['2024-01-01 10:00:00+00', '2024-01-01 12:00:00+02:00', { kind: 'timestamptz' }, true],
    ['2024-01-01 10:00:00+00', '2024-01-01 10:00:00+02:00', { kind: 'timestamptz' }, false],
    ['{"a": 1}', '{"a":1}', { kind: 'json' }, true],
    ['{"a": 1}', '{"a":2}', { kind: 'json' }, false],
    ['{"a": "x y"}', '{"a":"xy"}', { kind: 'json' }, false],
    ['{"a": "x \\" y"}', '{"a":"x \\" y"}', { kind: 'json' }, true],
    ['14:30:00', '14:30', { kind: 'time' }, true],
    ['09:30:00.5', '9:30:00.500', { kind: 'time' }, true],
    ['14:30:00', '14:31', { kind: 'time' }, false],
    ['2024-01-05', '2024-1-5', { kind: 'date' }, true],
    ['2024-11-15', '2024-1-15', { kind: 'date' }, false],
    ['2024-01-01 10:00:00', '2024-01-01T10:00', { kind: 'timestamp' }, true],
    ['infinity', '-infinity', { kind: 'timestamp' }, false],
    ['1 year 2 months 3 days 04:05:06.789', '1 year 2 mons 3 days 04:05:06.789', { kind: 'interval' }, true],
    ['1 day -02:00:00', '1 day', { kind: 'interval' }, false],
    ['1 month', '30 days', { kind: 'interval' }, false],
    ['[{"a":"b c"}]', '[{"a": "b c"}]', { kind: 'list', of: { kind: 'json' } }, true],
    ['["b c"]', '["bc"]', { kind: 'list', of: { kind: 'text' } }, false],
    ['["1 month",null]', '["1 mon", null]', { kind: 'list', of: { kind: 'interval' } }, true],
    ['[9007199254740993]', '[9007199254740992]', { kind: 'list', of: { kind: 'int64' } }, false],
    ['{{1,2}}', '{{1,3}}', { kind: 'list', of: { kind: 'int32' } }, false],
    ['1', 'true', { kind: 'boolean' }, true],
    ['5', 'true', { kind: 'boolean' }, false],
  ])('%s and %s', (a, b, type, expected) => {
    expect(sameValue(a, b, type)).toBe(expected)
  })
})
