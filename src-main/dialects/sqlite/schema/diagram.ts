import type { DatabaseSync } from 'node:sqlite'
import type { DiagramTable, SchemaDiagram } from '../../../../shared/data/catalog.ts'
import { foreignKeys } from './foreign-keys.ts'
import { nullableSql, ownObjects } from './objects.ts'

/** Tables and views of the main database, or those of them with these names, and the foreign keys that start at them. */
export function diagram(database: DatabaseSync, names: readonly string[] | null): SchemaDiagram {
  const wanted = names && new Set(names)
  const inDiagram = (name: string) => !wanted || wanted.has(name)
  const relations = foreignKeys(database)
    .filter(({ table }) => inDiagram(table))
    .map(({ name, table, columns, references }) => ({ name, from: { table, columns }, to: references }))
  const foreign = new Set(relations.flatMap(({ from }) => from.columns.map((column) => place(from.table, column))))
  const rows = database
    .prepare(
      `select o.name as owner, o.type as kind, c.name, c.type, ${nullableSql('o.name', 'c')} as nullable, c.pk
         from (${ownObjects}) o join pragma_table_xinfo(o.name, 'main') c
        where c.hidden <> 1 order by o.name collate nocase, c.cid`,
    )
    .all()
  const tables = new Map<string, DiagramTable>()
  for (const row of rows) {
    const owner = String(row.owner)
    if (!inDiagram(owner)) continue
    const kind = row.kind === 'view' ? 'view' : 'table'
    const table = tables.get(owner) ?? { schema: null, name: owner, kind, columns: [] }
    tables.set(owner, table)
    table.columns.push({
      name: String(row.name),
      databaseType: String(row.type),
      primaryKey: Number(row.pk) > 0,
      foreignKey: foreign.has(place(owner, String(row.name))),
      nullable: row.nullable === 1,
    })
  }
  return { tables: [...tables.values()], relations }
}

/** Names ignore case. */
const place = (table: string, column: string) => JSON.stringify([table.toLowerCase(), column.toLowerCase()])
