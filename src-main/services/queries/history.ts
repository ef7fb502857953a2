import { randomUUID } from 'node:crypto'
import { clip } from '../../../shared/clip.ts'
import type { HistoryEntry } from '../../../shared/contract/queries.ts'
import { mask } from '../redact.ts'
import type { Workspace } from '../workspace.ts'

export type Recorded = Omit<HistoryEntry, 'id'>

/** Longer statements are kept in part. */
const maxSql = 100_000

/** What sets a password stands in the statement itself. */
const passwords =
  /(\b(?:password|identified\s+by|identified\s+(?:with|via)\s+\S+\s+(?:by|as|using)|using\s+password)\s*(?:[=(]\s*)?)('(?:[^']|'')*'|"(?:[^"]|"")*")/gi

/** Takes down a statement that ran, without secrets; a history that cannot be written never fails the query. */
export async function recordQuery({ queries, redactor }: Workspace, entry: Recorded): Promise<void> {
  const sql = redactor.redact(entry.sql.slice(0, maxSql)).replaceAll(passwords, `$1'${mask}'`)
  const error = entry.error === null ? null : clip(redactor.redact(entry.error))
  await queries.add({ ...entry, id: randomUUID(), sql, error }).catch(() => undefined)
}
