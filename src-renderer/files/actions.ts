import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import { documentVersion, type Pipeline } from '../../shared/pipeline/schema.ts'
import { api } from '../api/client.ts'
import { documentOf, documentSaved, documentText, openDocument } from '../stores/documents.ts'
import { useWindow } from '../stores/window.ts'

/** A pipeline with nothing in it. */
export const emptyPipeline = (name: string): Pipeline => ({
  sluice: documentVersion,
  name,
  parameters: [],
  nodes: {},
  edges: [],
  groups: {},
  notes: {},
  layout: {},
})

/** Opens a pipeline file in a tab. @throws AppError FILE_*, DOC_* */
export async function openFile(path: string): Promise<string> {
  const { folder, text, hash, path: absolute } = await api.files.readPipeline({ path })
  const { pipeline } = openPipeline(text, registry)
  useWindow.setState({ screen: 'pipelines' })
  return openDocument({ present: pipeline, path: absolute, folder, file: { text, hash }, saved: pipeline })
}

/** Writes a document to a path; its own when none is given. @throws AppError FILE_CONFLICT, FILE_WRITE */
export async function saveDocument(id: string, to?: string): Promise<void> {
  const document = documentOf(id)
  if (!document) return
  const path = to ?? document.path
  if (path === null) return
  const { present } = document.history
  const expected = path === document.path ? { expected: document.file?.hash ?? null } : {}
  const written = await api.files.writePipeline({ path, text: documentText(document), ...expected })
  documentSaved(id, present, written)
}
