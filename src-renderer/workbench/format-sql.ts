import type { SqlLanguage } from 'sql-formatter'
import type { SqlDialect } from '../../shared/sql/placeholders.ts'
import { caretOf } from './caret.ts'
import { dialectOf } from './connections.ts'
import { changeTab, tabOf } from './tabs.ts'

const languages: Record<SqlDialect, SqlLanguage> = {
  postgres: 'postgresql',
  sqlite: 'sqlite',
  mysql: 'mysql',
  duckdb: 'duckdb',
}

/** Lays the selection, or the whole text, out anew. What the formatter cannot read is left as it is. */
export async function formatTab(id: string): Promise<void> {
  const tab = tabOf(id)
  if (!tab) return
  const { format } = await import('sql-formatter')
  const dialect = dialectOf(tab.connection, tab.folder)
  const { from, to } = caretOf(id)
  const part = to > from && to <= tab.sql.length ? { from, to } : { from: 0, to: tab.sql.length }
  const text = format(tab.sql.slice(part.from, part.to), {
    language: languages[dialect],
    keywordCase: 'preserve',
    tabWidth: 2,
    paramTypes: { named: [':'] },
  })
  changeTab(id, { sql: tab.sql.slice(0, part.from) + text + tab.sql.slice(part.to) })
}
