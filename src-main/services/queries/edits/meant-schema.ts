import type { Database, Session, Statement } from '../../../dialects/dialect.ts'

const questions: Record<Database['dialect']['id'], string> = {
  postgres: `SELECT n.nspname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.oid = pg_catalog.to_regclass(pg_catalog.quote_ident(:name))`,
  mysql: 'SELECT database()',
  sqlite: `SELECT schema FROM pragma_table_list WHERE name = :name COLLATE NOCASE
    ORDER BY CASE schema WHEN 'temp' THEN 0 WHEN 'main' THEN 1 ELSE 2 END LIMIT 1`,
}

/**
 * The schema of the table that a bare name means in a session. A statement before may have sent it elsewhere than the connection's other
 * sessions: USE, search_path, a temporary table. Undefined when the name means none.
 */
export async function meantSchema(
  session: Pick<Session, 'execute'>,
  { dialect }: Pick<Database, 'dialect'>,
  name: string,
): Promise<string | undefined> {
  const sql = questions[dialect.id]
  const params: Statement['params'] = sql.includes(':name') ? { name: { type: { kind: 'text' }, value: name } } : {}
  const { rows } = await session.execute({ sql, params })
  const schema = rows[0]?.[0]
  return typeof schema === 'string' ? schema : undefined
}
