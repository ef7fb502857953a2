import { z } from 'zod'
import { api } from '../api/client.ts'
import { activateDocument, useDocuments } from '../stores/documents.ts'
import { recall, remember } from '../stores/settings.ts'
import { openFile } from './actions.ts'
import { restoreDraft } from './drafts.ts'

const key = 'window.tabs'

const sessionSchema = z
  .object({
    tabs: z.array(z.object({ id: z.string(), path: z.string().nullable() })),
    active: z.number(),
  })
  .catch({ tabs: [], active: 0 })

/** Opens the tabs that were open when the window was last there, with what was not saved. @returns whether there were any */
export async function restoreSession(): Promise<boolean> {
  const { tabs, active } = sessionSchema.parse(recall(key))
  const drafts = await api.files.drafts()
  const opened: (string | undefined)[] = []
  for (const { id, path } of tabs) {
    const draft = drafts.find((candidate) => candidate.id === id)
    if (draft && (await restoreDraft(draft))) opened.push(id)
    // A file that is gone is left out: there is nothing to lose in its tab.
    else opened.push(path === null ? undefined : await openFile(path, { show: false }).catch(() => undefined))
  }
  for (const draft of drafts) if (!tabs.some(({ id }) => id === draft.id)) await restoreDraft(draft)
  // Whoever was quicker to open something keeps it in front.
  const quicker = useDocuments
    .getState()
    .order.some((id) => !opened.includes(id) && !drafts.some((draft) => draft.id === id))
  if (!quicker) activateDocument(opened[active] ?? '')
  return recall(key) !== undefined || useDocuments.getState().order.length > 0
}

/** Remembers which tabs are open; called once, after those of the last time are there. */
export function followTabs(): void {
  useDocuments.subscribe(({ order, active, documents, broken }, before) => {
    if (order === before.order && active === before.active && documents === before.documents) return
    const tabs = order.map((id) => ({ id, path: (documents[id] ?? broken[id])?.path ?? null }))
    const session = { tabs, active: active === null ? 0 : order.indexOf(active) }
    if (JSON.stringify(session) !== JSON.stringify(recall(key))) remember(key, session)
  })
}
