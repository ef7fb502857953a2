import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { api } from '../api/client.ts'
import { documentKept, documentOf, documentReloaded } from '../stores/documents.ts'

/** Takes what the file holds now in place of the document, as a step that can be undone. @throws AppError FILE_*, DOC_* */
export async function reloadFile(id: string): Promise<void> {
  const path = documentOf(id)?.path
  if (path === null || path === undefined) return
  const { text, hash } = await api.files.readPipeline({ path })
  documentReloaded(id, openPipeline(text, registry).pipeline, { text, hash })
}

/** Stays with the document; the next save replaces what the other program wrote. @throws AppError FILE_DENIED */
export async function keepMine(id: string): Promise<void> {
  const document = documentOf(id)
  if (!document || document.path === null) return
  if (document.outside?.hash === null) return documentKept(id, null)
  const { text, hash } = await api.files.readPipeline({ path: document.path })
  documentKept(id, { text, hash })
}

/** The pipeline that the file holds now. @throws AppError FILE_*, DOC_* */
export async function pipelineOnDisk(path: string): Promise<Pipeline> {
  const { text } = await api.files.readPipeline({ path })
  return openPipeline(text, registry).pipeline
}
