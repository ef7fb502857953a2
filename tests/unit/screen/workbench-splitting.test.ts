import { describe, expect, it } from 'vitest'
import { lexis, type SqlDialect, tokenizeSql } from '../../../shared/sql/placeholders.ts'
import { firstWord, isQuery, parametersOf, plain, statementsOf } from '../../../shared/sql/statements.ts'

const texts = (sql: string, dialect: SqlDialect) =>
  statementsOf(sql, dialect).map(({ from, to }) => sql.slice(from, to))

/** Statements that hold semicolons, or words that could be taken for the beginning or end of a block. */
const whole: Record<SqlDialect, string[]> = {
  sqlite: [
    'select 1 as [a;b]',
    'select \';\' as "a;b", `c;d` from t -- end;\n where 1',
    'create trigger t after insert on a begin update b set c = case when 1 then 2 end; delete from d; end',
    'create temp trigger if not exists t before update of x on a when case new.a when 1 then 1 end begin select 1; end',
    'create table "trigger" (a int, begin datetime, "end" int)',
    'create table slots (event int, begin datetime)',
    'begin',
    'begin immediate',
    'commit',
    'end',
    'select case a when 1 then 2 end from t',
  ],
  postgres: [
    "select E'it\\';' , $x$ ; $x$, a[1]",
    'select 5--1;\n as a',
    'create function f() returns int language sql begin atomic select 1; select case when true then 2 end; end',
    'create or replace procedure p(a int default 1) begin atomic insert into t values (1); end',
    'create function f() returns trigger as $$ begin return new; end $$ language plpgsql',
    'create table procedure (begin int, "end" int)',
    'create view begin as select 1',
    'begin',
    'end',
    'select /* ; /* ; */ ; */ 1',
  ],
  mysql: [
    'select 5--1 as a',
    'select 1 -- one; \n, 2 # two;\n, 3 --\t; \n, 4 --\n',
    "select 'a\\';', `b;c`",
    '/*!50000 select 7 as v */',
    '/*M!100100 select 7; */',
    'create table t (a int) /*!50100 engine=innodb; */',
    '/*!50003 create trigger t before insert on a for each row begin set new.x = 1; end */',
    'begin not atomic select 1; select 2; end',
    'begin',
    'begin work',
    'start transaction',
    'if (select count(*) from t) > 1 then select 1; else select 2; end if',
    'again: while @a < 3 do set @a = @a + 1; end while again',
    'create procedure p() begin declare i int; if i > 0 then begin select 1; end; end if; while i < 3 do set i = 3; end while; case i when 1 then select 1; else select 2; end case; end',
    'create procedure p() begin for i in 1..3 do select i; end for; for r in (select 1 as x) do select r.x; end for; end',
    'create or replace definer = `me`@`%` procedure p(in n int) comment ";" out: loop leave out; end loop out',
    'create procedure p() begin repeat set @x = 1; until case when @x then 1 end = 1 end repeat; loop select 1; end loop; end',
    'create procedure p() begin declare continue handler for not found begin set @done = 1; end; declare exit handler for 1062 set @a = 1; select 1; end',
    "create function f(a int) returns varchar(9) character set utf8 return if(a, case a when 1 then 'x' end, repeat('y', 3))",
    'create function if not exists f() returns int deterministic begin if not exists (select 1) then return 1; end if; return 2; end',
    'create trigger t before insert on a for each row follows u begin set new.b = 1; end',
    'create trigger t after delete on a for each row set @begin = old.begin',
    'create event e on schedule every 1 day ends now() do begin select begin, a.end from t; end',
    'alter event e on schedule every 2 hour do begin delete from t; end',
    'create procedure p() select begin from t',
    'create table slots (event int, begin datetime)',
    'create table event (a int)',
    'alter table t add column event int, add column begin datetime',
    'select begin from event',
    'drop table if exists a',
  ],
  duckdb: ['select [1, 2][1], $$;$$', 'select 5--1;\n as a', 'select {a: 1}'],
}

const dialects: SqlDialect[] = ['sqlite', 'postgres', 'mysql', 'duckdb']

describe.each(dialects)('%s', (dialect) => {
  it.each(whole[dialect])('keeps %s whole', (sql) => {
    expect(texts(`select 0; ${sql}\n; select 1`, dialect)).toEqual(['select 0', sql.trim(), 'select 1'].map(ends))
  })

  it('finds statements again, however they follow one another', () => {
    const pick = random(7)
    const between = [';', ' ;\n', '; -- between; \n', '\n;/* ; */ ;;\n']
    for (let round = 0; round < 300; round++) {
      const chosen = Array.from({ length: 1 + pick(6) }, () => whole[dialect][pick(whole[dialect].length)] ?? '')
      const sql = chosen.map((each) => `${each}\n${between[pick(between.length)]}`).join('')
      expect(texts(sql, dialect)).toEqual(chosen.map(ends))
      expect(
        tokenizeSql(sql, lexis[dialect])
          .map(({ text }) => text)
          .join(''),
      ).toBe(sql)
    }
  })
})

/** A comment at the end is none of the statement. */
const ends = (sql: string) => sql.replace(/\s*--\s*$/, '').trim()

/** The same numbers each time. */
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * below)
  }
}

describe('comments that MySQL runs', () => {
  it('are read like what stands outside of them', () => {
    const sql = '/*!50000 select */ /* no */ /*!1 :a, */ :b /*M! from t */'
    expect(parametersOf(sql, 'mysql')).toEqual(['a', 'b'])
    expect(firstWord(sql, 'mysql')).toBe('select')
    expect(isQuery(sql, 'mysql')).toBe(true)
    expect(plain('/*!50000 drop table */ t', 'mysql')).toBe('         drop table    t')
  })

  it('are comments elsewhere', () => expect(texts('/*!50000 select 1 */', 'postgres')).toEqual([]))
})

describe('brackets of SQLite', () => {
  it('hold a name and no parameter', () => {
    expect(parametersOf('select [x :y], :z from [a b]', 'sqlite')).toEqual(['z'])
    expect(plain('select [delete] from t', 'sqlite')).toBe('select          from t')
    expect(parametersOf('select a[:y]', 'postgres')).toEqual(['y'])
  })
})

describe('DELIMITER', () => {
  const script = `drop procedure if exists p;
DELIMITER //
create procedure p()
begin
  select '//';
  select 2;
end //
-- the next
create procedure q() select 3//
delimiter ;
call p(); call q();`

  it('ends statements as well until it is said otherwise, and is no statement', () => {
    expect(texts(script, 'mysql')).toEqual([
      'drop procedure if exists p',
      "create procedure p()\nbegin\n  select '//';\n  select 2;\nend",
      'create procedure q() select 3',
      'call p()',
      'call q()',
    ])
    const [, second] = statementsOf(script, 'mysql')
    expect(second && script.slice(second.start, second.start + second.sql.length)).toBe(second?.sql)
  })

  it.each(['$$', ';;', '|'])('may be %s', (sign) => {
    const sql = `delimiter ${sign}\nselect 1${sign}\nselect 2; select 3${sign} DELIMITER ;\nselect 4`
    expect(texts(sql, 'mysql')).toEqual(['select 1', 'select 2', 'select 3', 'select 4'])
  })

  it('is a word like others within a statement, and in other databases', () => {
    expect(texts('select delimiter // from t; select 2', 'mysql')).toEqual(['select delimiter // from t', 'select 2'])
    expect(texts('delimiter //\nselect 1; select 2', 'postgres')).toEqual(['delimiter //\nselect 1', 'select 2'])
  })
})
