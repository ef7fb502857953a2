import type { DatabaseSync } from 'node:sqlite'
import type { SchemaColumn, SchemaDetail, SchemaIndex, SchemaTrigger } from '../../../../shared/data/catalog.ts'
import { typeFromDeclared } from '../column-types.ts'
import { readIndex, readTable, readTrigger, type TableText } from './ddl.ts'
import { foreignKeys } from './foreign-keys.ts'
import { estimates, nullableSql, objectOf } from './objects.ts'

/** One table or view of the main database; null when there is none of that name (names ignore case, as SQLite's do). */
export function object(database: DatabaseSync, named: string): SchemaDetail | null {
  const found = database
    .prepare(
      `select t.name, t.type, s.sql from pragma_table_list t
         left join sqlite_schema s on s.name = t.name and s.type in ('table', 'view')
        where t.schema = 'main' and t.name = ? collate nocase`,
    )
    .get(named)
  if (!found) return null
  const name = String(found.name)
  const text = found.type === 'table' ? readTable(String(found.sql)) : null
  const keys = foreignKeys(database, name)
  const same = (other: string) => other.toLowerCase() === name.toLowerCase()
  return {
    ...objectOf(name, found.type, estimates(database)),
    columns: columnsOf(database, name, text),
    indexes: indexesOf(database, name),
    foreignKeys: keys.filter(({ table }) => same(table)).map(({ table: _own, ...key }) => key),
    referencedBy: keys
      .filter(({ references }) => same(references.table))
      .map((key) => ({
        name: key.name,
        schema: null,
        table: key.table,
        columns: key.columns,
        references: key.references.columns,
      })),
    checks: text?.checks ?? [],
    triggers: triggersOf(database, name),
  }
}

/** Of pragma_table_xinfo.hidden: a column of a virtual table that `select *` leaves out; the two kinds of generated ones. */
const hidden = 1
const generated = new Set([2, 3])

function columnsOf(database: DatabaseSync, name: string, text: TableText | null): SchemaColumn[] {
  const rows = database
    .prepare(
      `select c.*, ${nullableSql('t.name', 'c')} as nullable
         from (select ? as name) t join pragma_table_xinfo(t.name, 'main') c order by c.cid`,
    )
    .all(name)
  return rows
    .filter((row) => row.hidden !== hidden)
    .map((row): SchemaColumn => {
      const column = String(row.name)
      const made = generated.has(Number(row.hidden))
      const standard = made ? (text?.generated.get(column) ?? null) : row.dflt_value
      return {
        name: column,
        type: typeFromDeclared(String(row.type)) ?? { kind: 'text' },
        databaseType: String(row.type),
        nullable: row.nullable === 1,
        default: standard === null ? null : String(standard),
        generated: made,
        primaryKey: Number(row.pk) > 0,
        comment: null,
      }
    })
}

function indexesOf(database: DatabaseSync, name: string): SchemaIndex[] {
  const rows = database
    .prepare(
      `select l.name, l."unique" as "unique", l.origin, s.sql from pragma_index_list(?, 'main') l
         left join sqlite_schema s on s.type = 'index' and s.name = l.name
        order by l.origin <> 'pk', l.seq desc`,
    )
    .all(name)
  const keys = database.prepare(`select name from pragma_index_info(?, 'main') order by seqno`)
  return rows.map((row): SchemaIndex => {
    const text = row.sql === null ? null : readIndex(String(row.sql))
    const columns = keys.all(String(row.name)).map((key, index) => String(key.name ?? text?.keys[index]))
    return {
      name: String(row.name),
      columns,
      unique: row.unique === 1,
      primary: row.origin === 'pk',
      condition: text?.condition ?? null,
      method: null,
    }
  })
}

function triggersOf(database: DatabaseSync, name: string): SchemaTrigger[] {
  return database
    .prepare(`select name, sql from sqlite_schema where type = 'trigger' and tbl_name = ? collate nocase order by name`)
    .all(name)
    .map((row) => ({ name: String(row.name), fires: readTrigger(String(row.sql)) }))
}
