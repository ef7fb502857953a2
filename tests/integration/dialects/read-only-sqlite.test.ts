import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { readOnlySuite, type Tricks } from './read-only.ts'

const folder = mkdtempSync(join(tmpdir(), 'sluice-read-only-'))
const at = (name: string) => join(folder, name)

const tricks: Tricks = {
  'insert, update, delete, upsert': [
    'insert into kept values (2)',
    'update kept set id = 3',
    'delete from kept',
    'insert into kept values (1) on conflict do nothing',
    'replace into kept values (4)',
  ],
  'writes that return rows': ['insert into kept values (2) returning id', 'delete from kept returning id'],
  'writes after with': [
    'with n as (select 2 as id) insert into kept select id from n',
    'with n as (select 1 as id) update kept set id = 9 where id in (select id from n) returning *',
  ],
  'triggers of views': ['insert into doorway values (2)', 'delete from doorway'],
  writable_schema: [
    'pragma writable_schema = on',
    `update sqlite_schema set sql = 'create table kept (other)' where name = 'kept'`,
    'pragma writable_schema = reset',
  ],
  query_only: [
    'pragma query_only = off',
    'pragma query_only(0)',
    'PRAGMA main.query_only = 0',
    'insert into kept values (2)',
  ],
  'attach a writable file': [
    `attach '${at('other.db')}' as other`,
    'create table other.made (a)',
    `attach 'file:${at('kept.db')}?mode=rw' as again`,
    'insert into again.kept values (2)',
  ],
  'attach a memory database': [`attach ':memory:' as m`, 'create table m.made (a)', 'detach m'],
  vacuum: ['vacuum', `vacuum into '${at('copy.db')}'`, `vacuum main into '${at('copy.db')}'`],
  'journal modes': ['pragma journal_mode = wal', 'pragma journal_mode = memory', 'pragma main.journal_mode = off'],
  'locking and syncing': [
    'pragma locking_mode = exclusive',
    'pragma synchronous = off',
    'pragma wal_checkpoint(truncate)',
  ],
  'marks in the header': [
    'pragma user_version = 7',
    'pragma application_id = 7',
    'pragma schema_version = 99',
    'pragma encoding = "UTF-16"',
  ],
  'page layout': ['pragma page_size = 8192', 'pragma auto_vacuum = full', 'pragma incremental_vacuum', 'vacuum'],
  optimising: ['pragma optimize', 'pragma optimize(0x10002)', 'analyze', 'analyze kept', 'reindex'],
  load_extension: [`select load_extension('${at('nothing')}')`, `select load_extension('fts5', 'x')`],
  sqlite_dbpage: ['select * from sqlite_dbpage', `update sqlite_dbpage set data = zeroblob(4096) where pgno = 1`],
  'writefile and readfile': [
    `select writefile('${at('written')}', 'x')`,
    `select readfile('/etc/hostname')`,
    `select edit('x')`,
  ],
  'temporary tables as a side door': [
    'create temp table kept (id)',
    'insert into temp.kept values (5)',
    'create temp trigger t after insert on main.kept begin select 1; end',
  ],
  'temporary views and triggers': ['create temp view v as select 1', 'create temp table side as select * from kept'],
  'create table as select': ['create table made as select * from kept', 'create table made (a)'],
  definitions: [
    'drop table kept',
    'alter table kept add column more',
    'alter table kept rename to other',
    'create index made on kept (id)',
    'create view made as select 1',
    'drop view doorway',
  ],
  'virtual tables': [
    'create virtual table made using fts5(a)',
    `insert into words(words) values ('optimize')`,
    `insert into words(words) values ('rebuild')`,
    `insert into words values ('more')`,
  ],
  transactions: ['begin immediate', 'insert into kept values (2)', 'commit'],
  'exclusive transactions': ['begin exclusive', 'insert into kept values (2)', 'end'],
  savepoints: ['savepoint a', 'insert into kept values (2)', 'release a'],
  'several statements in one text': ['select 1; insert into kept values (2)', 'commit; insert into kept values (2)'],
  'comments around': ['/* select */ insert into kept values (2)', '-- select\ninsert into kept values (2)'],
  explain: ['explain insert into kept values (2)', 'explain query plan delete from kept'],
  'trusted schema and defenses': [
    'pragma trusted_schema = on',
    'pragma defensive = off',
    'pragma cell_size_check = off',
    'pragma ignore_check_constraints = on',
    'insert into kept values (2)',
  ],
  'temp files elsewhere': [`pragma temp_store_directory = '${folder}'`, `pragma data_store_directory = '${folder}'`],
  'limits and hooks': [
    'pragma hard_heap_limit = 1',
    'pragma soft_heap_limit = 100000',
    'pragma threads = 4',
    'pragma shrink_memory',
  ],
  sequences: [
    `update sqlite_sequence set seq = 100`,
    `delete from sqlite_sequence`,
    `insert into numbered default values`,
  ],
}

readOnlySuite(
  'SQLite',
  async () => {
    const owner = new DatabaseSync(at('kept.db'))
    owner.exec(`create table kept (id integer); insert into kept values (1);
      create table numbered (id integer primary key autoincrement); insert into numbered default values;
      create view doorway as select id from kept;
      create trigger into_kept instead of insert on doorway begin insert into kept values (new.id); end;
      create trigger out_of_kept instead of delete on doorway begin delete from kept; end;
      create virtual table words using fts5(a); insert into words values ('one')`)
    owner.close()
    return {
      open: () => sqlite.open({ dialect: 'sqlite', file: at('kept.db'), readOnly: true }, folder),
      write: 'insert into kept values (99)',
      read: 'select * from kept',
      cleanup: async () => rmSync(folder, { recursive: true, force: true }),
      snapshot: async () => ({
        files: readdirSync(folder).sort(),
        bytes: createHash('sha256')
          .update(readFileSync(at('kept.db')))
          .digest('hex'),
      }),
    }
  },
  tricks,
)
