import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { readOnlySuite, type Tricks } from './read-only.ts'

/** Where statements try to write on the server; the tests run on the same machine, as its superuser. */
const outside = join(tmpdir(), `sluice-read-only-${process.pid}`)

const tricks: Tricks = {
  'insert, update, delete, merge': [
    'insert into kept values (2)',
    'update kept set id = 3',
    'delete from kept',
    'merge into kept using (select 1 as id) as s on false when not matched then insert values (9)',
  ],
  'writes in with': [
    'with made as (insert into kept values (2) returning id) select * from made',
    'with gone as (delete from kept returning id) select * from gone',
    'with other as (update kept set id = 4 returning id) select * from other',
  ],
  'explain analyze of a write': ['explain analyze insert into kept values (2)', 'explain (analyze) delete from kept'],
  sequences: [`select nextval('counter')`, `select setval('counter', 100)`],
  'large objects': [
    'select lo_create(424242)',
    `select lo_from_bytea(0, 'x')`,
    'select lo_unlink(777)',
    `select lo_put(777, 0, 'changed')`,
  ],
  'files of the server, by large objects': [
    `select lo_export(777, '${outside}')`,
    `select lo_import('/etc/hostname')`,
    `select U&"lo\\005fexport"(777, '${outside}')`,
    `select u&"lo!005fexport" uescape '!' (777, '${outside}')`,
  ],
  'set transaction read write': ['set transaction read write', 'insert into kept values (2)'],
  'set session characteristics': [
    'set session characteristics as transaction read write',
    'insert into kept values (2)',
  ],
  'set default_transaction_read_only': [
    'set default_transaction_read_only = off',
    'set session default_transaction_read_only to default',
    'insert into kept values (2)',
  ],
  set_config: [
    `select set_config('transaction_read_only', 'off', false), set_config('default_transaction_read_only', 'off', false)`,
    'insert into kept values (2)',
  ],
  'reset all, discard all': ['reset all', 'discard all', 'insert into kept values (2)'],
  'begin read write': ['begin read write', 'insert into kept values (2)', 'commit'],
  'commit, then a transaction of its own': [
    'commit',
    'start transaction read write',
    'insert into kept values (2)',
    'commit',
  ],
  'rollback and chain': ['rollback and chain', 'set transaction read write', 'insert into kept values (2)', 'commit'],
  savepoints: ['savepoint a', 'rollback to a', 'set transaction read write', 'insert into kept values (2)'],
  'several statements in one text': ['select 1; insert into kept values (2)', 'commit; insert into kept values (2)'],
  'breaking out of what a query is wrapped in': [
    'select 1) to stdout; commit; insert into kept values (2); copy (select 1',
    'select 1 /* ) */ -- \n); insert into kept values (2); --',
    `select 1) to program 'touch ${outside}'; --`,
  ],
  'do blocks': [
    'do $$ begin insert into kept values (2); end $$',
    'do $$ begin set transaction read write; insert into kept values (2); end $$',
    'do $$ begin commit; insert into kept values (2); end $$',
    `do $$ begin execute 'copy kept to program ''touch ${outside}'''; end $$`,
  ],
  'functions and procedures with side effects': [
    'select sneak()',
    'call sneak_on()',
    'select * from sneaky_rows()',
    'select definer()',
  ],
  'copy to a file or a program': [
    `copy kept to '${outside}'`,
    `copy (select 1) to program 'touch ${outside}'`,
    `/* a word before */ copy kept to '${outside}' csv`,
    `COPY kept (id) TO PROGRAM $$touch ${outside}$$`,
  ],
  'copy from': ['copy kept from stdin', `copy kept from '/etc/hostname'`, `copy kept from program 'echo 5'`],
  'prepared statements': ['prepare sneaky as insert into kept values (2)', 'execute sneaky'],
  cursors: ['declare c cursor with hold for select 1', 'fetch c', 'delete from kept where current of c'],
  'temporary tables as a side door': [
    'create temp table kept_too as select 1 as id',
    'create temp table kept (id int)',
    'insert into kept_too values (2)',
    'create temp view kept_view as select 1',
  ],
  'select into': ['select 1 as id into made', 'create table made as select 1', 'select 1 into temp made'],
  'materialized views': ['refresh materialized view seen', 'refresh materialized view concurrently seen'],
  definitions: [
    'create table made (a int)',
    'drop table kept',
    'alter table kept add column more int',
    'truncate kept',
    'create index made on kept (id)',
    'create schema made',
    'create function made() returns int language sql as $$ select 1 $$',
    'create extension if not exists pgcrypto',
  ],
  'comments, grants, roles and labels': [
    `comment on table kept is 'changed'`,
    'grant select on kept to public',
    'revoke all on kept from public',
    'create role sluice_sneaked',
    'alter table kept owner to current_user',
    `alter role current_user set work_mem = '1MB'`,
    `alter database current set work_mem = '1MB'`,
  ],
  maintenance: ['vacuum kept', 'analyze kept', 'reindex table kept', 'cluster kept', 'checkpoint'],
  'the server itself': [
    `alter system set work_mem = '1MB'`,
    `create database sluice_sneaked`,
    `create tablespace t location '/tmp'`,
  ],
  'listen and notify': ['listen news', `notify news, 'x'`, `select pg_notify('news', 'x')`],
  locks: ['lock table kept in access exclusive mode', 'select * from kept for update', 'select pg_advisory_lock(1)'],
  roles: ['set role none', 'set session authorization default', 'reset role', 'insert into kept values (2)'],
  load: [`load 'auto_explain'`, 'security label on table kept is null'],
  'two-phase commit': [`prepare transaction 'sneaked'`, `commit prepared 'sneaked'`],
  'rules of visibility': [
    `select pg_export_snapshot()`,
    `set local transaction_read_only = off`,
    'insert into kept values (2)',
  ],
}

readOnlySuite(
  'Postgres',
  async () => {
    const fresh = await freshDatabase()
    await fresh.sql(`create table kept (id int);
      insert into kept values (1);
      create sequence counter;
      create materialized view seen as select now() as at;
      create unique index on seen (at);
      select lo_from_bytea(777, 'as it was');
      create function sneak() returns void language plpgsql as $$ begin
        perform set_config('transaction_read_only', 'off', true); insert into kept values (2); end $$;
      create function definer() returns void language plpgsql security definer as $$ begin
        execute 'set transaction read write'; insert into kept values (2); end $$;
      create function sneaky_rows() returns setof int language sql as $$ insert into kept values (2) returning id $$;
      create procedure sneak_on() language plpgsql as $$ begin
        commit; set transaction read write; insert into kept values (2); end $$`)
    const config = postgres.parseUrl(fresh.url)
    return {
      open: () => postgres.open({ ...config, readOnly: true, pool: { max: 1 } }, '/'),
      write: 'insert into kept values (99)',
      read: 'select * from kept',
      cleanup: () => fresh.drop(),
      async snapshot() {
        const [row] = await fresh.sql(`select
          (select json_agg(id order by id) from kept) as rows,
          (select json_build_array(last_value, is_called) from counter) as counter,
          (select json_agg(encode(lo_get(oid), 'escape') order by oid) from pg_largeobject_metadata) as objects,
          (select at from seen) as seen,
          (select json_agg(relname order by relname) from pg_class where relnamespace = 'public'::regnamespace) as relations,
          (select json_agg(coalesce(relacl::text, '') || relowner::text order by relname) from pg_class where relnamespace = 'public'::regnamespace) as grants,
          (select json_agg(proname order by proname) from pg_proc where pronamespace = 'public'::regnamespace) as functions,
          (select json_agg(nspname order by nspname) from pg_namespace where nspname !~ '^pg_(toast_)?temp') as schemas,
          (select json_agg(extname) from pg_extension) as extensions,
          (select count(*)::int from pg_description where objoid = 'kept'::regclass) as comments,
          (select count(*)::int from pg_roles where rolname like 'sluice_sneaked%') as roles,
          (select count(*)::int from pg_database where datname = 'sluice_sneaked') as databases,
          (select count(*)::int from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase where d.datname = current_database()) as settings,
          (select count(*)::int from pg_prepared_xacts where gid = 'sneaked') as prepared,
          current_setting('work_mem') as memory`)
        const written = existsSync(outside)
        rmSync(outside, { force: true })
        return { ...row, written }
      },
    }
  },
  tricks,
)
