import type { ColumnType } from '../../../shared/data/types.ts'
import { mysql } from '../../../src-main/dialects/mysql/index.ts'
import { MySession } from '../../../src-main/dialects/mysql/session.ts'
import { freshMariaDb } from '../../helpers/mariadb.ts'
import { conformance } from './conformance.ts'
import type { DialectFacts, Subject } from './subject.ts'

const facts: DialectFacts = {
  slowSql: 'select sleep(3600) as n',
  lists: false,
  negativeZero: false,
  nonFinite: false,
  openDecimals: false,
  allInstants: false,
  doubleName: 'double',
  bodySql: [
    `create procedure doubling(id int) begin
      insert into doubled values (id);
      if id > 0 then insert into doubled values (2 * id); end if;
    end;`,
    'create trigger doubles after insert on bodied for each row call doubling(new.id)',
  ],
  returningSql: 'replace into executed select id, :name from executed where id >= :id returning name, id + 0 as same',
  comesBackAs: (type: ColumnType): ColumnType => {
    if (type.kind === 'enum' || type.kind === 'interval') return { kind: 'text' }
    return type.kind === 'decimal' && type.precision === undefined
      ? { kind: 'decimal', precision: 65, scale: 30 }
      : type
  },
}

async function openSubject(): Promise<Subject> {
  const fresh = await freshMariaDb()
  const config = mysql.parseUrl(fresh.url)
  const database = await mysql.open(config, '/')
  return {
    database,
    readOnly: () => mysql.open({ ...config, readOnly: true }, '/'),
    async lose(session) {
      if (!(session instanceof MySession)) throw new Error('Not a session of MySQL.')
      await fresh.sql('kill connection ?', [session.client.threadId])
    },
    async cleanup() {
      await database.close()
      await fresh.drop()
    },
  }
}

conformance('MySQL', facts, openSubject)
