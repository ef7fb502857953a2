import { caretOf } from './caret.ts'
import { dialectOf } from './connections.ts'
import { layOut } from './lay-out.ts'
import { changeTab, tabOf } from './tabs.ts'

/** Lays the selection, or the whole text, out anew. @throws AppError QUERY_SYNTAX; the text is left as it is then */
export async function formatTab(id: string): Promise<void> {
  const tab = tabOf(id)
  if (!tab) return
  const { from, to } = caretOf(id)
  const part = to > from && to <= tab.sql.length ? { from, to } : { from: 0, to: tab.sql.length }
  const text = await layOut(tab.sql, part, dialectOf(tab.connection, tab.folder))
  changeTab(id, { sql: tab.sql.slice(0, part.from) + text + tab.sql.slice(part.to) })
}
