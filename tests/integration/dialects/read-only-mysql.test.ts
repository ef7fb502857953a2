import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { readOnlySuite, type Tricks } from './read-only.ts'

/** Where statements try to write on the server, which runs on this machine. */
const outside = join(tmpdir(), `sluice-read-only-mysql-${process.pid}`)

const tricks: Tricks = {
  'insert, update, delete, replace': [
    'insert into kept values (2)',
    'update kept set id = 3',
    'delete from kept',
    'replace into kept values (4)',
    'insert into kept values (1) on duplicate key update id = 5',
  ],
  'writes that return rows': ['insert into kept values (2) returning id', 'delete from kept returning id'],
  'writes after with': [
    'with n as (select 2 as id) update kept, n set kept.id = n.id',
    'insert into kept with n as (select 2 as id) select id from n',
  ],
  'analyze and explain of a write': [
    'analyze insert into kept values (2)',
    'analyze format=json delete from kept',
    'explain insert into kept values (2)',
  ],
  'set transaction read write': ['set transaction read write', 'insert into kept values (2)'],
  'set session transaction': ['set session transaction read write', 'insert into kept values (2)', 'commit'],
  'set variables': [
    'set session tx_read_only = 0',
    'set session transaction_read_only = off',
    'set @@tx_read_only = 0',
    'insert into kept values (2)',
  ],
  'set statement': ['set statement tx_read_only = 0 for insert into kept values (2)'],
  'start transaction read write': ['start transaction read write', 'insert into kept values (2)', 'commit'],
  begin: ['begin', 'insert into kept values (2)', 'commit'],
  'commit and chain': ['commit and chain', 'insert into kept values (2)', 'commit'],
  'rollback and chain': ['rollback and chain', 'insert into kept values (2)', 'commit'],
  autocommit: ['set autocommit = 1', 'set autocommit = 0', 'insert into kept values (2)', 'commit'],
  'implicit commits': [
    'create table made (a int)',
    'insert into kept values (2)',
    'lock tables kept write',
    'insert into kept values (2)',
    'unlock tables',
  ],
  definitions: [
    'drop table kept',
    'truncate kept',
    'alter table kept add column more int',
    'create index made on kept (id)',
    'rename table kept to other',
  ],
  'views, triggers, events': [
    'create view made as select 1',
    'create trigger t after insert on kept for each row set @a = 1',
    'create event e on schedule every 1 day do delete from kept',
  ],
  'temporary tables': [
    'create temporary table side (a int)',
    'insert into side values (1)',
    'create temporary table kept (a int)',
  ],
  'prepared statements': [
    `prepare p from 'insert into kept values (2)'`,
    'execute p',
    `execute immediate 'insert into kept values (2)'`,
  ],
  procedures: ['call sneak_on()', 'select sneak()', 'do sneak()'],
  'several statements in one text': ['select 1; insert into kept values (2)', 'commit; insert into kept values (2)'],
  'comments that run': [
    '/*! insert into kept values (2) */',
    '/*M! insert into kept values (2) */',
    'select 1 /*! into outfile "x" */',
  ],
  'comments around': [
    '/* select */ insert into kept values (2)',
    '-- select\ninsert into kept values (2)',
    '# select\ninsert into kept values (2)',
  ],
  'into outfile': [
    `select * from kept into outfile '${outside}'`,
    `select 1 into dumpfile '${outside}'`,
    `select * into outfile '${outside}' from kept`,
  ],
  'load data': [
    `load data infile '/etc/hostname' into table kept`,
    `load data local infile '/etc/hostname' into table kept`,
  ],
  'grants and users': [
    'grant select on kept to may_read',
    `create user sluice_sneaked`,
    'revoke select on kept from may_read',
    'set password = password("x")',
  ],
  'settings of the server': [
    'set global read_only = 0',
    'set global max_connections = 199',
    'set persist max_connections = 199',
  ],
  maintenance: ['optimize table kept', 'repair table kept', 'flush tables', 'reset query cache'],
  sequences: ['select nextval(counter)', 'select next value for counter', 'select setval(counter, 100)'],
  locks: ['select * from kept for update', 'select get_lock("sneaky", 0)', 'lock table kept write'],
  handlers: ['handler kept open', 'handler kept read first', 'handler kept close'],
  xa: [`xa start 'x'`, 'insert into kept values (2)', `xa end 'x'`, `xa prepare 'x'`, `xa commit 'x'`],
  'compound statements': [
    'begin not atomic insert into kept values (2); end',
    'if 1 then insert into kept values (2); end if',
  ],
}

readOnlySuite(
  'MySQL and MariaDB',
  async () => {
    const fresh = await freshMariaDb()
    await fresh.sql('create table kept (id int primary key)')
    await fresh.sql('insert into kept values (1)')
    await fresh.sql('create sequence counter')
    await fresh.sql('create function sneak() returns int begin insert into kept values (2); return 1; end')
    await fresh.sql(
      'create procedure sneak_on() begin commit; set session transaction read write; insert into kept values (2); commit; end',
    )
    const config = mysql.parseUrl(fresh.url)
    return {
      open: () => mysql.open({ ...config, readOnly: true, pool: { max: 1 } }, '/'),
      write: 'insert into kept values (99)',
      read: 'select * from kept',
      cleanup: () => fresh.drop(),
      async snapshot() {
        const listed = async (sql: string) => JSON.stringify(await fresh.sql(sql))
        const written = existsSync(outside)
        rmSync(outside, { force: true })
        return {
          rows: await listed('select * from kept order by id'),
          counter: await listed('select next_not_cached_value, cycle_count from counter'),
          tables: await listed(
            'select table_name, table_type from information_schema.tables where table_schema = database() order by 1',
          ),
          columns: await listed(
            'select column_name from information_schema.columns where table_schema = database() order by table_name, 1',
          ),
          triggers: await listed(
            'select trigger_name from information_schema.triggers where trigger_schema = database()',
          ),
          events: await listed('select event_name from information_schema.events where event_schema = database()'),
          users: await listed(`select user from mysql.user where user = 'sluice_sneaked'`),
          grants: await listed('select * from mysql.tables_priv where db = database()'),
          settings: await listed('select @@global.max_connections, @@global.read_only'),
          written,
        }
      },
    }
  },
  tricks,
)
