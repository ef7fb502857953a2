import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { PipelineText } from '../../../shared/contract/files.ts'
import { AppError } from '../../../shared/errors.ts'
import { claimDrafts, dropDraft, keepDraft } from '../drafts.ts'
import { prepareWorkspace } from '../first-run.ts'
import { listFolder } from '../folder.ts'
import { readPipelineText } from '../pipeline-file.ts'
import { forgetRecent, listRecent, rememberRecent } from '../recent.ts'
import { replaceFile } from '../replace-file.ts'
import { listSamples, startServiceOf } from '../samples.ts'
import { receiveChunk } from '../uploads.ts'
import { hashOf, lookAt, watchFiles } from '../watch-files.ts'
import { holdWindow } from '../window-leases.ts'
import { api } from './context.ts'

export const files = {
  pick: api.files.pick.handler(({ context, input }) => context.host.pick(input)),
  list: api.files.list.handler(({ input }) => listFolder(absolute(input.folder ?? '~'), input.extensions)),
  readPipeline: api.files.readPipeline.handler(async ({ context, input }) => {
    const read = await readText(absolute(input.path))
    await startServiceOf(context.workspace.home, read.path)
    return read
  }),
  writePipeline: api.files.writePipeline.handler(async ({ input }) => {
    const path = absolute(input.path)
    if (input.expected !== undefined) await checkUnchanged(path, input.expected)
    await replaceFile(path, input.text)
    const written = await readText(path)
    await lookAt(path)
    return written
  }),
  watch: api.files.watch.handler(async function* ({ input, signal }) {
    yield* watchFiles(input.paths, signal ?? new AbortController().signal)
  }),
  receive: api.files.receive.handler(({ context, input }) => receiveChunk(context.workspace.home, input)),
  samples: api.files.samples.handler(async ({ context }) => {
    await prepareWorkspace(context.workspace)
    return listSamples(context.workspace.home)
  }),
  recent: api.files.recent.handler(({ context }) => listRecent(context.workspace.settings)),
  remember: api.files.remember.handler(({ context, input }) => rememberRecent(context.workspace.settings, input)),
  forget: api.files.forget.handler(({ context, input }) => forgetRecent(context.workspace.settings, input.path)),
  holdWindow: api.files.holdWindow.handler(async function* ({ context, input, signal }) {
    yield* holdWindow(context.workspace.home, input.window, signal ?? new AbortController().signal)
  }),
  drafts: api.files.drafts.handler(({ context, input }) => claimDrafts(context.workspace.home, input.window)),
  keepDraft: api.files.keepDraft.handler(({ context, input: { window, ...draft } }) =>
    keepDraft(context.workspace.home, window, draft),
  ),
  dropDraft: api.files.dropDraft.handler(({ context, input }) =>
    dropDraft(context.workspace.home, input.window, input.id),
  ),
}

/** `~` is the user's folder, and what relative paths start from. */
const absolute = (path: string): string => resolve(homedir(), path.replace(/^~(?=$|[\\/])/, homedir()))

async function readText(path: string): Promise<PipelineText> {
  const { file, folder, text, hash } = await readPipelineText(path, homedir())
  return { path: file, folder, text, hash }
}

async function checkUnchanged(path: string, expected: string | null): Promise<void> {
  if ((await hashOf(path)) === expected) return
  throw new AppError('FILE_CONFLICT', `${path} was changed by another program since it was opened.`, {
    hint: 'Reload it, save under another name, or save anyway to replace what is there.',
  })
}
