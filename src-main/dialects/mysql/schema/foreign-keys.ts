import type { SchemaForeignKey, SchemaReference } from '../../../../shared/data/catalog.ts'
import type { Link } from '../link.ts'
import { literal } from '../sql.ts'

interface Key {
  name: string
  from: { schema: string; table: string; columns: string[] }
  to: { schema: string; table: string; columns: string[] }
}

/** Foreign keys that satisfy a condition on key_column_usage. Without the schema of the table, the server looks through all of them. */
export async function foreignKeys(session: Link, condition: string): Promise<Key[]> {
  const rows = await session.script(
    `select constraint_name, table_schema, table_name, column_name, referenced_table_schema, referenced_table_name, referenced_column_name
       from information_schema.key_column_usage
      where referenced_table_name is not null and ${condition}
      order by table_schema, table_name, constraint_name, ordinal_position`,
  )
  const keys = new Map<string, Key>()
  for (const row of rows) {
    const [name, schema, table, column, toSchema, toTable, toColumn] = row.map((value) => value ?? '')
    const place = JSON.stringify([schema, table, name])
    const key = keys.get(place) ?? {
      name: name ?? '',
      from: { schema: schema ?? '', table: table ?? '', columns: [] },
      to: { schema: toSchema ?? '', table: toTable ?? '', columns: [] },
    }
    key.from.columns.push(column ?? '')
    key.to.columns.push(toColumn ?? '')
    keys.set(place, key)
  }
  return [...keys.values()]
}

/** RESTRICT and NO ACTION are the same here. */
const actionOf = (rule: string | null | undefined) =>
  rule && !/^(?:restrict|no action)$/i.test(rule) ? rule.toLowerCase() : null

export async function foreignKeysOf(
  session: Link,
  { schema, name }: { schema: string; name: string },
): Promise<SchemaForeignKey[]> {
  const rules = await session.script(
    `select constraint_name, delete_rule, update_rule from information_schema.referential_constraints
      where constraint_schema = ${literal(schema)} and table_name = ${literal(name)}`,
  )
  const own = `table_schema = ${literal(schema)} and table_name = ${literal(name)}`
  return (await foreignKeys(session, own)).map((key) => {
    const [, onDelete, onUpdate] = rules.find(([constraint]) => constraint === key.name) ?? []
    return {
      name: key.name,
      columns: key.from.columns,
      references: key.to,
      onDelete: actionOf(onDelete),
      onUpdate: actionOf(onUpdate),
    }
  })
}

export async function referencesTo(
  session: Link,
  { schema, name }: { schema: string; name: string },
): Promise<SchemaReference[]> {
  const here = `referenced_table_schema = ${literal(schema)} and referenced_table_name = ${literal(name)}`
  return (await foreignKeys(session, here)).map((key) => ({
    name: key.name,
    schema: key.from.schema,
    table: key.from.table,
    columns: key.from.columns,
    references: key.to.columns,
  }))
}
