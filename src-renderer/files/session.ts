import { z } from 'zod'
import type { Json } from '../../shared/pipeline/schema.ts'
import { api } from '../api/client.ts'
import { joinRun } from '../runs/actions.ts'
import { activateDocument, useDocuments } from '../stores/documents.ts'
import { useRuns } from '../stores/runs.ts'
import { recall, remember } from '../stores/settings.ts'
import { openFile } from './actions.ts'
import { restoreDraft } from './drafts.ts'
import { windowId } from './window-id.ts'

/** In the workspace: tabs of the window that changed them last, for the next one. In the window's own storage: its own, when it is loaded anew. */
const key = 'window.tabs'

const sessionSchema = z
  .object({
    tabs: z.array(z.object({ id: z.string(), path: z.string().nullable(), run: z.string().optional() })),
    active: z.number(),
  })
  .catch({ tabs: [], active: 0 })

/**
 * Opens the tabs that were open when the window was last there, with what was not saved and the run that each showed.
 * @returns whether there were any
 */
export async function restoreSession(): Promise<boolean> {
  const before = own() ?? recall(key)
  const { tabs, active } = sessionSchema.parse(before)
  const drafts = await api.files.drafts({ window: await windowId() })
  const opened: (string | undefined)[] = []
  for (const { id: tab, path, run } of tabs) {
    const draft = drafts.find(({ id }) => id === tab) ?? drafts.find((other) => path !== null && other.path === path)
    // A file that is gone is left out: there is nothing to lose in its tab.
    const file = () => (path === null ? undefined : openFile(path, { show: false }).catch(() => undefined))
    const id = draft && (await restoreDraft(draft)) ? draft.id : await file()
    opened.push(id)
    if (id !== undefined && run !== undefined) void joinRun(id, run)
  }
  for (const draft of drafts) if (!opened.includes(draft.id)) await restoreDraft(draft)
  // Whoever was quicker to open something keeps it in front.
  const quicker = useDocuments
    .getState()
    .order.some((id) => !opened.includes(id) && !drafts.some((draft) => draft.id === id))
  if (!quicker) activateDocument(opened[active] ?? '')
  return before !== undefined || useDocuments.getState().order.length > 0
}

function own(): Json | undefined {
  const text = sessionStorage.getItem(key)
  return text === null ? undefined : JSON.parse(text)
}

/** Remembers which tabs are open; called once, after those of the last time are there. */
export function followTabs(): void {
  useDocuments.subscribe((now, before) => {
    if (now.order !== before.order || now.active !== before.active || now.documents !== before.documents) rememberTabs()
  })
  useRuns.subscribe(rememberTabs)
}

function rememberTabs(): void {
  const { order, active, documents, broken } = useDocuments.getState()
  const { shown } = useRuns.getState()
  const tabs = order.map((id) => {
    const run = shown[id]?.id
    return { id, path: (documents[id] ?? broken[id])?.path ?? null, ...(run !== undefined && { run }) }
  })
  const session = { tabs, active: active === null ? 0 : order.indexOf(active) }
  const text = JSON.stringify(session)
  if (text === sessionStorage.getItem(key)) return
  sessionStorage.setItem(key, text)
  remember(key, session)
}
