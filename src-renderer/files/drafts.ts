import type { Draft } from '../../shared/contract/files.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import { api } from '../api/client.ts'
import {
  documentChangedOutside,
  documentOf,
  documentText,
  isUnsaved,
  type OpenDocument,
  openDocument,
  tabOf,
  useDocuments,
} from '../stores/documents.ts'
import { programInfo } from '../stores/program.ts'
import { folderName } from './paths.ts'
import { windowId } from './window-id.ts'

/** Milliseconds without a change before unsaved work is kept. */
const settle = 500
/** Milliseconds before another try, should the engine be away. */
const patience = 1_000

const timers = new Map<string, ReturnType<typeof setTimeout>>()
/** Documents that the workspace holds a draft of, with the snapshot it holds. */
const kept = new Map<string, OpenDocument['history']['present'] | null>()

/** Keeps what is not saved in the workspace, so that it survives the window and the engine; called once. */
export function followDrafts(): void {
  useDocuments.subscribe(({ documents }, before) => {
    for (const [id, document] of Object.entries(documents)) {
      const earlier = before.documents[id]
      if (earlier !== document && (isUnsaved(document) || kept.has(id))) keepSoon(id, settle)
    }
    for (const id of Object.keys(before.documents)) if (!documents[id]) keepSoon(id, 0)
  })
  addEventListener('pagehide', () => {
    for (const id of timers.keys()) void keep(id)
  })
}

function keepSoon(id: string, wait: number): void {
  clearTimeout(timers.get(id))
  timers.set(
    id,
    setTimeout(() => void keep(id), wait),
  )
}

async function keep(id: string): Promise<void> {
  clearTimeout(timers.get(id))
  timers.delete(id)
  const document = documentOf(id)
  try {
    if (document && isUnsaved(document)) await keepDraft(document)
    else if (kept.delete(id)) await api.files.dropDraft({ window: await windowId(), id })
  } catch {
    if (!document) kept.set(id, null)
    keepSoon(id, patience)
  }
}

async function keepDraft(document: OpenDocument): Promise<void> {
  const { id, path, history, file } = document
  if (kept.get(id) === history.present) return
  kept.set(id, history.present)
  const { name } = history.present
  try {
    const text = documentText(document)
    await api.files.keepDraft({ window: await windowId(), id, path, name, text, base: file?.hash ?? null })
  } catch (thrown) {
    kept.set(id, null)
    throw thrown
  }
}

/**
 * Opens what was not saved when the window was last there. Where its file is open already, as when two windows changed it, it is a pipeline apart.
 * @returns whether it could be read
 */
export async function restoreDraft({ id, path, text, base }: Draft): Promise<boolean> {
  try {
    const { pipeline: present } = openPipeline(text, registry)
    kept.set(id, present)
    if (path === null || tabOf(path) !== undefined) {
      const folder = path === null ? (await programInfo()).home : folderName(path)
      openDocument({ id, present, path: null, folder, file: null, saved: null })
      return true
    }
    const now = await api.files.readPipeline({ path }).catch(() => undefined)
    if (now && now.hash === base) {
      const { pipeline: saved } = openPipeline(now.text, registry)
      openDocument({ id, present, path, folder: now.folder, file: now, saved })
      return true
    }
    const file = base === null ? null : { text: '', hash: base }
    openDocument({ id, present, path, folder: folderName(path), file, saved: null })
    documentChangedOutside(id, now?.hash ?? null)
    return true
  } catch {
    return false
  }
}
