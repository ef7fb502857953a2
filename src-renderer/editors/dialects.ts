import { MySQL, PostgreSQL, SQLDialect, SQLite } from '@codemirror/lang-sql'
import { duckdbWords, type EditorDialect } from './names.ts'

const DuckDB = SQLDialect.define({
  keywords: duckdbWords,
  types:
    'bigint blob boolean date decimal double float hugeint integer json real smallint text time timestamp timestamptz tinyint ubigint uinteger usmallint utinyint uuid varchar',
  doubleDollarQuotedStrings: true,
  operatorChars: '+-*/<>=~!@#%^&|?',
})

export const sqlDialects: Readonly<Record<EditorDialect, SQLDialect>> = {
  duckdb: DuckDB,
  postgres: PostgreSQL,
  sqlite: SQLite,
  mysql: MySQL,
}
