import { create } from 'zustand'
import type { ErrorReport } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { formatPipeline } from '../../shared/pipeline/format.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { changed, type History, historyOf, redone, undone } from './history.ts'

/** The bytes of a file as this window last read or wrote them. */
export interface KnownFile {
  text: string
  /** SHA-256, hex. */
  hash: string
}

/** A pipeline being edited. */
export interface OpenDocument {
  id: string
  /** Absolute path of its file; null while it was never saved. */
  path: string | null
  /** What relative paths start from: the file's folder, or the workspace's. */
  folder: string
  /** The file as it is on disk, as far as this window knows. */
  file: KnownFile | null
  /** The snapshot that the file holds; the document is unsaved while its present is another. */
  saved: Pipeline | null
  history: History
  /** What another program made of the file since: its hash, null when it is gone. Absent while nothing happened. */
  outside?: { hash: string | null }
  /** The older format version that the file is written in; saving a change brings it to today's. */
  olderVersion?: number
}

/** A tab whose file could not be read as a pipeline. */
export interface BrokenFile {
  path: string
  error: ErrorReport
}

interface DocumentsState {
  documents: Readonly<Record<string, OpenDocument>>
  broken: Readonly<Record<string, BrokenFile>>
  /** Ids in the order of their tabs. */
  order: readonly string[]
  active: string | null
}

/** The open pipelines. Changed only through the functions here, which commands call. */
export const useDocuments = create<DocumentsState>()(() => ({ documents: {}, broken: {}, order: [], active: null }))

export type NewDocument = Omit<OpenDocument, 'id' | 'history'> & { present: Pipeline; id?: string }

/** Opens a document in a tab of its own and shows it; one whose file is open already is only shown. @returns its id */
export function openDocument({ present, id = crypto.randomUUID(), ...document }: NewDocument): string {
  const { documents, broken, order } = useDocuments.getState()
  const open = document.path === null ? undefined : tabOf(document.path)
  if (open !== undefined && documents[open]) {
    useDocuments.setState({ active: open })
    return open
  }
  const { [open ?? '']: _mended, ...stillBroken } = broken
  // What differs from the file came from a draft: one step back is the file.
  const began = document.saved ?? present
  const history = began === present ? historyOf(present) : { ...historyOf(present), past: [began] }
  useDocuments.setState({
    documents: { ...documents, [id]: { ...document, id, history } },
    broken: stillBroken,
    order: open === undefined ? [...order, id] : order.map((other) => (other === open ? id : other)),
    active: id,
  })
  return id
}

/** Opens a tab that says why a file is no pipeline. @returns its id */
export function openBroken(file: BrokenFile): string {
  const { broken, order } = useDocuments.getState()
  const open = tabOf(file.path)
  const id = open ?? crypto.randomUUID()
  useDocuments.setState({
    broken: { ...broken, [id]: file },
    order: open === undefined ? [...order, id] : order,
    active: id,
  })
  return id
}

/** The tab that a file is open in. */
export function tabOf(path: string): string | undefined {
  const { documents, broken, order } = useDocuments.getState()
  return order.find((id) => (documents[id] ?? broken[id])?.path === path)
}

export function closeDocument(id: string): void {
  const { documents, broken, order, active } = useDocuments.getState()
  const { [id]: _closed, ...rest } = documents
  const { [id]: _mended, ...stillBroken } = broken
  const at = order.indexOf(id)
  const left = order.filter((other) => other !== id)
  const next = active === id ? (left[Math.min(at, left.length - 1)] ?? null) : active
  useDocuments.setState({ documents: rest, broken: stillBroken, order: left, active: next })
}

export function activateDocument(id: string): void {
  if (useDocuments.getState().order.includes(id)) useDocuments.setState({ active: id })
}

/** Puts a tab at another place in the row. @param to counted without the tab itself */
export function moveTab(id: string, to: number): void {
  useDocuments.setState(({ order }) => ({ order: order.filter((other) => other !== id).toSpliced(to, 0, id) }))
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

/** Adds to the step of that name, however long ago it was, while no other came after it. */
export function completeStep(id: string, edit: (pipeline: Pipeline) => Pipeline, burst: string): void {
  update(id, (document) => ({
    ...document,
    history: changed(document.history, edit(document.history.present), burst, Date.now(), Number.POSITIVE_INFINITY),
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
  update(id, ({ outside: _settled, olderVersion, ...document }) => ({
    ...document,
    path,
    folder,
    saved,
    file: { text, hash },
    ...(olderVersion !== undefined && text === document.file?.text && { olderVersion }),
  }))
}

/** Takes the file's content in place of the present, as a step that can be undone. */
export function documentReloaded(id: string, present: Pipeline, file: KnownFile): void {
  update(id, ({ outside: _settled, olderVersion: _older, ...document }) => ({
    ...document,
    file,
    saved: present,
    history: changed(document.history, present, null, Date.now()),
  }))
}

/** Notes what another program made of the document's file; the hash it is known by takes the note back. */
export function documentChangedOutside(id: string, hash: string | null): void {
  update(id, (document) => {
    const { outside, ...rest } = document
    if (hash === (document.file?.hash ?? null)) return outside ? rest : document
    return outside?.hash === hash ? document : { ...rest, outside: { hash } }
  })
}

/** Takes the file as it is on disk for known without looking into it: the document counts as unsaved, and saving replaces the file. */
export function documentKept(id: string, file: KnownFile | null): void {
  update(id, ({ outside: _settled, olderVersion: _older, ...document }) => ({ ...document, file, saved: null }))
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
