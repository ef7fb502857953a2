import type { DiagramTable, SchemaDiagram } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'
import { literal } from '../sql.ts'
import { foreignKeys } from './foreign-keys.ts'
import { objectOf, readable } from './objects.ts'

export async function readDiagram(
  session: Link,
  { schema, tables }: { schema?: string; tables?: readonly string[] },
): Promise<SchemaDiagram> {
  if (tables?.length === 0) return { tables: [], relations: [] }
  const named = tables ? ` and table_name in (${tables.map(literal).join(', ')})` : ''
  const wanted = `table_schema = ${schema === undefined ? 'database()' : literal(schema)}${named}`
  const keys = await foreignKeys(session, wanted)
  const foreign = new Set(keys.flatMap(({ from }) => from.columns.map((column) => place(from.table, column))))
  const objects = await session.script(
    `select table_schema, table_name, table_type from information_schema.tables where ${wanted} and ${readable} order by table_name`,
  )
  const found = new Map<string, DiagramTable>()
  for (const row of objects) {
    const { schema: own, name, kind } = objectOf(row)
    found.set(name, { schema: own, name, kind, columns: [] })
  }
  const columns = await session.script(
    `select table_name, column_name, column_type, column_key, is_nullable from information_schema.columns
      where ${wanted} order by table_name, ordinal_position`,
  )
  for (const [table, column, databaseType, key, nullable] of columns) {
    found.get(table ?? '')?.columns.push({
      name: column ?? '',
      databaseType: databaseType ?? '',
      primaryKey: key === 'PRI',
      foreignKey: foreign.has(place(table, column)),
      nullable: nullable === 'YES',
    })
  }
  const relations = keys.map(({ name, from, to }) => ({
    name,
    from: { table: from.table, columns: from.columns },
    to,
  }))
  return { tables: [...found.values()], relations }
}

const place = (table: string | null | undefined, column: string | null | undefined) => JSON.stringify([table, column])
