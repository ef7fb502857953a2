import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { api, asAppError } from '../api/client.ts'
import {
  changeDocument,
  documentKept,
  documentOf,
  documentSaved,
  documentText,
  type OpenDocument,
  tabOf,
} from '../stores/documents.ts'
import { choose } from '../ui/dialogs.ts'
import { showNotice } from '../ui/notify.ts'
import { isUntitled, pipelineExtensions } from './actions.ts'
import { keepMine, reloadFile } from './outside.ts'
import { baseName } from './paths.ts'
import { pickFile } from './pick.ts'

/** Documents being written just now, and what to wait for. */
const saving = new Map<string, Promise<unknown>>()

/** Waits until nothing is being written of a document: what the disk tells meanwhile is our own doing. */
export async function saved(id: string): Promise<void> {
  while (saving.has(id)) await saving.get(id)?.catch(() => undefined)
}

/** Saves a document to its file, asking for one when it has none. @returns whether it was saved @throws AppError FILE_WRITE */
export async function saveDocument(id: string): Promise<boolean> {
  await saved(id)
  const document = documentOf(id)
  if (!document) return false
  if (document.path === null) return saveDocumentAs(id)
  if (document.outside) return settleConflict(id)
  try {
    return await write(document, document.path, { expected: document.file?.hash ?? null })
  } catch (thrown) {
    if (asAppError(thrown).code !== 'FILE_CONFLICT') throw thrown
    return settleConflict(id)
  }
}

/** Asks where to, and saves a document there; it belongs to that file from then on. @returns whether it was saved */
export async function saveDocumentAs(id: string): Promise<boolean> {
  const document = documentOf(id)
  if (!document) return false
  const { name } = document.history.present
  const path = await pickFile({
    purpose: 'save',
    title: 'Save pipeline as',
    extensions: pipelineExtensions,
    name: document.path === null ? `${fileNameOf(name)}.pipeline.json` : baseName(document.path),
    ...(document.path !== null && { start: document.folder }),
  })
  if (path === null) return false
  const other = tabOf(path)
  if (other !== undefined && other !== id) {
    showNotice('That file is open in another tab. Close it there first, or choose another name.', 'Not saved')
    return false
  }
  if (document.path === null && isUntitled(name)) {
    const given = baseName(path).replace(/(\.pipeline)?\.json$/i, '')
    changeDocument(id, (pipeline) => ({ ...pipeline, name: given }))
  }
  await saved(id)
  const now = documentOf(id)
  return now ? write(now, path, {}) : false
}

async function write(document: OpenDocument, path: string, condition: { expected?: string | null }): Promise<boolean> {
  const { id, folder, olderVersion, history } = document
  const text = documentText(document)
  const writing = api.files.writePipeline({ path, text, ...condition })
  saving.set(id, writing)
  try {
    const written = await writing
    documentSaved(id, history.present, written)
    void api.files.remember({ path: written.path, name: history.present.name })
    if (olderVersion !== undefined && text !== document.file?.text) {
      showNotice(`The file was in format version ${olderVersion} and is now in version ${history.present.sluice}.`)
    }
    if (written.folder !== folder && hasRelativePaths(history.present)) {
      showNotice(`Files that nodes name by relative paths are now looked for in ${written.folder}.`, 'Saved elsewhere')
    }
    return true
  } finally {
    saving.delete(id)
  }
}

/** Nothing is lost by saving a file again that was removed. */
const isGone = (path: string): Promise<boolean> =>
  api.files.readPipeline({ path }).then(
    () => false,
    (thrown: unknown) => asAppError(thrown).code === 'FILE_MISSING',
  )

/** The file is not what it was when the document was opened: the user says what shall be. */
async function settleConflict(id: string): Promise<boolean> {
  const path = documentOf(id)?.path ?? ''
  if (await isGone(path)) {
    documentKept(id, null)
    return saveDocument(id)
  }
  const wish = await choose({
    title: 'The file was changed by another program',
    message: `${baseName(path)} is not what it was when it was opened. Saving now would lose what the other program wrote.`,
    choices: [
      { value: 'as', label: 'Save as…' },
      { value: 'reload', label: 'Reload' },
      { value: 'replace', label: 'Replace', tone: 'danger' },
    ],
  })
  if (wish === 'as') return saveDocumentAs(id)
  if (wish === 'reload') await reloadFile(id)
  if (wish !== 'replace') return false
  await keepMine(id)
  return saveDocument(id)
}

/** `Daily orders` → `daily-orders`. */
const fileNameOf = (name: string): string =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '') || 'pipeline'

function hasRelativePaths({ nodes }: Pipeline): boolean {
  const paths = Object.values(nodes).flatMap(({ kind, config }) =>
    kind === 'file' || kind === 'write-file' ? [config.path].flat() : [],
  )
  return paths.some((path) => typeof path === 'string' && !/^([a-z]:[\\/]|\/|\{\{)/i.test(path))
}
