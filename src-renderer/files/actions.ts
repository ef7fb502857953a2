import { toAppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import { documentVersion, type Pipeline } from '../../shared/pipeline/schema.ts'
import { api, asAppError } from '../api/client.ts'
import { activateDocument, activeDocument, openBroken, openDocument, tabOf, useDocuments } from '../stores/documents.ts'
import { programInfo } from '../stores/program.ts'
import { useWindow } from '../stores/window.ts'
import { pickFile } from './pick.ts'

/** What pipeline files end in, as `pickFile` takes it. */
export const pipelineExtensions = ['pipeline.json'] as const

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

const untitled = 'Untitled'

/** Whether a pipeline was given its name by `newDocument`, not by the user. */
export const isUntitled = (name: string): boolean => /^Untitled( \d+)?$/.test(name)

/** Opens an empty pipeline in a tab. @returns its id */
export async function newDocument(): Promise<string> {
  const { home } = await programInfo()
  const { documents } = useDocuments.getState()
  const taken = new Set(Object.values(documents).map(({ history }) => history.present.name))
  let name = untitled
  for (let count = 2; taken.has(name); count++) name = `${untitled} ${count}`
  const present = emptyPipeline(name)
  useWindow.setState({ screen: 'pipelines' })
  return openDocument({ present, path: null, folder: home, file: null, saved: present })
}

/** Opens a text as a pipeline that is not saved yet. @throws AppError DOC_* */
export async function newDocumentFrom(text: string): Promise<string> {
  const { pipeline } = openPipeline(text, registry)
  const { home } = await programInfo()
  useWindow.setState({ screen: 'pipelines' })
  return openDocument({ present: pipeline, path: null, folder: home, file: null, saved: null })
}

/**
 * Opens a pipeline file in a tab; a text that is no pipeline opens a tab that says where it goes wrong.
 * @param show whether to go to the pipelines; not where nobody asked for the file, as at the start
 * @returns the tab's id
 * @throws AppError FILE_MISSING, FILE_DENIED
 */
export async function openFile(path: string, { show = true } = {}): Promise<string> {
  const read = await api.files.readPipeline({ path }).catch((thrown: unknown) => {
    const error = asAppError(thrown)
    if (error.code.startsWith('DOC_')) return { failed: error }
    throw error
  })
  if (show) useWindow.setState({ screen: 'pipelines' })
  if ('failed' in read) return openBroken({ path, error: read.failed.toJSON() })
  const open = tabOf(read.path)
  if (open !== undefined && useDocuments.getState().documents[open]) {
    activateDocument(open)
    return open
  }
  const { folder, text, hash, path: absolute } = read
  try {
    const { pipeline, fromVersion } = openPipeline(text, registry)
    void api.files.remember({ path: absolute, name: pipeline.name })
    return openDocument({
      present: pipeline,
      path: absolute,
      folder,
      file: { text, hash },
      saved: pipeline,
      ...(fromVersion < documentVersion && { olderVersion: fromVersion }),
    })
  } catch (thrown) {
    return openBroken({ path: absolute, error: toAppError(thrown).toJSON() })
  }
}

/** Asks for a pipeline file and opens it. */
export async function pickAndOpen(): Promise<void> {
  const start = activeDocument()?.folder
  const path = await pickFile({
    purpose: 'open',
    title: 'Open pipeline',
    extensions: pipelineExtensions,
    ...(start !== undefined && { start }),
  })
  if (path !== null) await openFile(path)
}
