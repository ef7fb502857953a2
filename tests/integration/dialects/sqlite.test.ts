import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ColumnType } from '../../../shared/data/types.ts'
import { sqlite } from '../../../src-main/dialects/sqlite/index.ts'
import { SqliteSession } from '../../../src-main/dialects/sqlite/session.ts'
import { conformance } from './conformance.ts'
import type { DialectFacts, Subject } from './subject.ts'

const facts: DialectFacts = {
  slowSql:
    'with recursive n(x) as (select 1 union all select x + 1 from n where x < 1e12) select count(*) as total from n',
  lists: false,
  nonFinite: true,
  openDecimals: true,
  allInstants: true,
  doubleName: 'double precision',
  bodySql: [
    `create trigger doubling after insert on bodied begin
      insert into doubled values (new.id);
      insert into doubled values (case when new.id > 0 then 2 * new.id end);
    end;`,
  ],
  returningSql: 'update executed set name = :name where id >= :id returning name, id + 0 as same',
  negativeZero: false,
  comesBackAs: (type: ColumnType): ColumnType => (type.kind === 'enum' ? { kind: 'text' } : type),
}

async function openSubject(): Promise<Subject> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-sqlite-'))
  const config = { dialect: 'sqlite' as const, file: 'test.db' }
  const database = await sqlite.open(config, folder)
  return {
    database,
    readOnly: () => sqlite.open({ ...config, readOnly: true }, folder),
    async lose(session) {
      if (!(session instanceof SqliteSession)) throw new Error('Not a session of SQLite.')
      process.kill(session.processId, 'SIGKILL')
    },
    async cleanup() {
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}

conformance('SQLite', facts, openSubject)
