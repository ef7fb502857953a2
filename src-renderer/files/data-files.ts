import type { Place } from '../../shared/pipeline/edit-nodes.ts'
import type { PipelineNode } from '../../shared/pipeline/schema.ts'
import { addReadyNode } from '../canvas/actions.ts'
import { viewOf } from '../canvas/views.ts'
import { activeDocument, type OpenDocument } from '../stores/documents.ts'
import { goTo } from '../stores/window.ts'
import { newDocument } from './actions.ts'
import { baseName, relativeTo } from './paths.ts'
import { pickFile } from './pick.ts'

const formats = ['csv', 'tsv', 'txt', 'json', 'ndjson', 'jsonl', 'parquet']

/** Endings of files that can be read as rows. */
export const dataExtensions: readonly string[] = formats.flatMap((format) =>
  format === 'parquet' ? [format] : [format, `${format}.gz`, `${format}.zst`],
)

export const isPipelineFile = (name: string): boolean => /\.pipeline\.json$/i.test(name)

export const isDataFile = (name: string): boolean =>
  !isPipelineFile(name) && dataExtensions.some((end) => name.toLowerCase().endsWith(`.${end}`))

/** A node that reads a file, named after it. */
export function fileNode(path: string, document: Pick<OpenDocument, 'path' | 'folder'>): PipelineNode {
  const title = baseName(path).replace(/\.[^.]+(\.(gz|zst))?$/i, '')
  // A pipeline without a file may be saved anywhere, so that only whole paths stay true.
  return { kind: 'file', title, config: { path: document.path === null ? path : relativeTo(document.folder, path) } }
}

/** Adds a node that reads a file to the pipeline in front, or to a new one, and shows it. @param at its place; where the user looks, when left out */
export async function addDataFile(path: string, at?: Place): Promise<void> {
  const document = activeDocument()?.id ?? (await newDocument())
  const { path: own, folder } = activeDocument() ?? { path: null, folder: '' }
  goTo('pipelines')
  addReadyNode(document, fileNode(path, { path: own, folder }), at ?? viewOf(document)?.pointer() ?? [0, 0])
}

/** Asks for a file with rows and adds a node that reads it. */
export async function pickDataFile(): Promise<void> {
  const path = await pickFile({ purpose: 'open', title: 'Add data file', extensions: dataExtensions })
  if (path !== null) await addDataFile(path)
}
