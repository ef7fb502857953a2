import type { ColumnType } from '../../../shared/data/types.ts'
import { postgres } from '../../../src-main/dialects/postgres/index.ts'
import { PgSession } from '../../../src-main/dialects/postgres/session.ts'
import { freshDatabase } from '../../helpers/postgres.ts'
import { conformance } from './conformance.ts'
import type { DialectFacts, Subject } from './subject.ts'

const facts: DialectFacts = {
  slowSql: 'select 1 as n from pg_sleep(3600)',
  lists: true,
  nonFinite: true,
  openDecimals: true,
  allInstants: true,
  doubleName: 'double precision',
  bodySql: [
    `create function doubling(id int) returns void begin atomic
      insert into doubled values (id);
      insert into doubled values (case when id > 0 then 2 * id end);
    end;`,
    `create function doubles() returns trigger language plpgsql as 'begin perform doubling(new.id); return new; end'`,
    'create trigger doubles after insert on bodied for each row execute function doubles()',
  ],
  returningSql: 'update executed set name = :name where id >= :id returning name, id + 0 as same',
  negativeZero: true,
  // A list of lists is one array of two dimensions here, and its type does not say how many it has.
  comesBackAs: (type: ColumnType): ColumnType => {
    if (type.kind === 'enum') return { kind: 'text' }
    return type.kind === 'list' && type.of.kind === 'list' ? type.of : type
  },
}

async function openSubject(): Promise<Subject> {
  const fresh = await freshDatabase()
  const config = postgres.parseUrl(fresh.url)
  const database = await postgres.open(config, '/')
  return {
    database,
    readOnly: () => postgres.open({ ...config, readOnly: true }, '/'),
    async lose(session) {
      if (!(session instanceof PgSession)) throw new Error('Not a session of Postgres.')
      await fresh.sql('select pg_terminate_backend($1, 10000)', [session.client.processID])
    },
    async cleanup() {
      await database.close()
      await fresh.drop()
    },
  }
}

conformance('Postgres', facts, openSubject)
