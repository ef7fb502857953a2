import { create } from 'zustand'
import { registry } from '../../shared/nodes/registry.ts'
import { formatPipeline } from '../../shared/pipeline/format.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { changed, type History, historyOf, redone, undone } from './history.ts'

/** A pipeline being edited. */
export interface OpenDocument {
  id: string
  /** Absolute path of its file; null while it was never saved. */
  path: string | null
  /** What relative paths start from: the file's folder, or the workspace's. */
  folder: string
  /** The file as it is on disk, as far as this window knows. */
  file: { text: string; hash: string } | null
  /** The snapshot that the file holds; the document is unsaved while its present is another. */
  saved: Pipeline | null
  history: History
}

interface DocumentsState {
  documents: Readonly<Record<string, OpenDocument>>
  /** Ids in the order of their tabs. */
  order: readonly string[]
  active: string | null
}

/** The open pipelines. Changed only through the functions here, which commands call. */
export const useDocuments = create<DocumentsState>()(() => ({ documents: {}, order: [], active: null }))

export type NewDocument = Omit<OpenDocument, 'id' | 'history'> & { present: Pipeline; id?: string }

/** Opens a document in a tab of its own and shows it; one whose file is open already is only shown. @returns its id */
export function openDocument({ present, id = crypto.randomUUID(), ...document }: NewDocument): string {
  const { documents, order } = useDocuments.getState()
  const open = order.find((known) => document.path !== null && documents[known]?.path === document.path)
  if (open !== undefined) {
    useDocuments.setState({ active: open })
    return open
  }
  const opened: OpenDocument = { ...document, id, history: historyOf(present) }
  useDocuments.setState({ documents: { ...documents, [id]: opened }, order: [...order, id], active: id })
  return id
}

export function closeDocument(id: string): void {
  const { documents, order, active } = useDocuments.getState()
  const { [id]: _closed, ...rest } = documents
  const at = order.indexOf(id)
  const left = order.filter((other) => other !== id)
  const next = active === id ? (left[Math.min(at, left.length - 1)] ?? null) : active
  useDocuments.setState({ documents: rest, order: left, active: next })
}

export function activateDocument(id: string): void {
  if (useDocuments.getState().documents[id]) useDocuments.setState({ active: id })
}

/**
 * Changes a document by one step that can be undone.
 * @param burst changes with the same name, one soon after the other, are one step (typing in a field, a drag)
 */
export function changeDocument(id: string, edit: (pipeline: Pipeline) => Pipeline, burst: string | null = null): void {
  update(id, (document) => ({
    ...document,
    history: changed(document.history, edit(document.history.present), burst, Date.now()),
  }))
}

export const undoDocument = (id: string) =>
  update(id, (document) => ({ ...document, history: undone(document.history) }))

export const redoDocument = (id: string) =>
  update(id, (document) => ({ ...document, history: redone(document.history) }))

/** Notes that a snapshot of the document was written to a file. */
export function documentSaved(
  id: string,
  saved: Pipeline,
  file: { path: string; folder: string; text: string; hash: string },
): void {
  const { path, folder, text, hash } = file
  update(id, (document) => ({ ...document, path, folder, saved, file: { text, hash } }))
}

/** Takes the file's content in place of the present, as a step that can be undone. */
export function documentReloaded(id: string, present: Pipeline, file: { text: string; hash: string }): void {
  update(id, (document) => ({
    ...document,
    file,
    saved: present,
    history: changed(document.history, present, null, Date.now()),
  }))
}

export const isUnsaved = (document: OpenDocument): boolean => document.history.present !== document.saved

/** What saving writes: the very bytes of the file while nothing changed. */
export function documentText({ history, saved, file }: OpenDocument): string {
  return file && history.present === saved ? file.text : formatPipeline(history.present, registry)
}

export function documentOf(id: string | null): OpenDocument | undefined {
  return id === null ? undefined : useDocuments.getState().documents[id]
}

export const activeDocument = (): OpenDocument | undefined => documentOf(useDocuments.getState().active)

/** Follows one document; undefined once it is closed. */
export const useDocument = (id: string | null): OpenDocument | undefined =>
  useDocuments(({ documents }) => (id === null ? undefined : documents[id]))

/** Follows the document as it is now. */
export const usePipeline = (id: string): Pipeline | undefined =>
  useDocuments(({ documents }) => documents[id]?.history.present)

function update(id: string, change: (document: OpenDocument) => OpenDocument): void {
  const { documents } = useDocuments.getState()
  const before = documents[id]
  if (!before) return
  const after = change(before)
  if (after !== before) useDocuments.setState({ documents: { ...documents, [id]: after } })
}
