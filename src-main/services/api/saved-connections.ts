import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { readPasted } from '../connection-file.ts'
import { givenConnections } from '../given-connections.ts'
import { renameInSaved } from '../queries/saved.ts'
import { replaceFile } from '../replace-file.ts'
import { failedTest, withoutSecrets } from '../test-connection.ts'
import { serverName } from '../tunnel-host-key.ts'
import { connectionUses } from '../used-by.ts'
import { api } from './context.ts'

/** What the screen of connections asks. */
export const savedConnections = {
  list: api.connections.list.handler(({ context }) => context.workspace.connections.list()),
  given: api.connections.given.handler(({ context, input }) => givenConnections(input.folders, context.workspace)),
  uses: api.connections.uses.handler(({ context }) => connectionUses(context.workspace)),
  save: api.connections.save.handler(async ({ context, input }) => {
    const { connections: saved, home, changes } = context.workspace
    await (input.create ? saved.add : saved.update)(input.name, input.config, home)
    changes.send({ type: 'connections' })
  }),
  rename: api.connections.rename.handler(async ({ context, input: { name, to } }) => {
    const { workspace, queries } = context
    await workspace.connections.rename(name, to)
    queries.renameConnection(name, to)
    await workspace.queries.renameConnection(name, to)
    const left = await renameInSaved(workspace.home, name, to)
    workspace.changes.send({ type: 'connection-renamed', name, to })
    return { left }
  }),
  duplicate: api.connections.duplicate.handler(async ({ context, input }) => {
    await context.workspace.connections.duplicate(input.name, input.to)
    context.workspace.changes.send({ type: 'connections' })
  }),
  remove: api.connections.remove.handler(async ({ context, input: { name } }) => {
    await context.workspace.connections.remove(name)
    await context.queries.endConnection(name)
    context.workspace.changes.send({ type: 'connection-removed', name })
  }),
  test: api.connections.test.handler(async ({ context, input: { name, config, folder }, signal }) => {
    const { workspace } = context
    const where = { folder: folder ?? workspace.home, cwd: workspace.home }
    try {
      if (config === undefined) return await workspace.test(name, where, signal)
      const whole = await workspace.connections.complete(name, config)
      return await workspace.attempt({ name, config: whole, folder: workspace.home }, signal)
    } catch (error) {
      // What keeps a connection from being tried at all, e.g. a locked vault, is as good an answer.
      return withoutSecrets(
        failedTest(error, { name, config: config ?? { dialect: 'sqlite' } }, where.folder),
        workspace.redactor,
      )
    }
  }),
  parseUrl: api.connections.parseUrl.handler(({ input }) => readPasted(input.url)),
  forgetHostKey: api.connections.forgetHostKey.handler(({ context, input }) =>
    context.workspace.hostKeys.forget(serverName(input)),
  ),
  createFile: api.connections.createFile.handler(({ input }) => createEmpty(resolve(input.path))),
  exportTo: api.connections.exportTo.handler(async ({ context, input }) => {
    await replaceFile(resolve(input.path), await context.workspace.connections.export(input.names), 0o644)
  }),
  importFrom: api.connections.importFrom.handler(async ({ context, input }) => {
    const path = resolve(input.path)
    const imported = await context.workspace.connections.import(await textOf(path), dirname(path))
    context.workspace.changes.send({ type: 'connections' })
    return imported
  }),
}

/** A file of no bytes is a SQLite database without tables. @throws AppError FILE_CONFLICT, FILE_WRITE */
async function createEmpty(path: string): Promise<void> {
  await writeFile(path, '', { flag: 'wx' }).catch((cause: unknown) => {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw there
      ? new AppError('FILE_CONFLICT', `There is a file ${path} already.`, {
          hint: 'Use another name, or pick that file.',
        })
      : new AppError('FILE_WRITE', `The file ${path} cannot be made.`, {
          hint: 'Check its folder and permissions.',
          cause,
        })
  })
}

const maxBytes = 4 * 2 ** 20

/** @throws AppError FILE_* */
async function textOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    throw new AppError(missing ? 'FILE_MISSING' : 'FILE_DENIED', `The file ${path} cannot be read.`, {
      hint: 'Check its path and permissions.',
      cause,
    })
  })
  if (text.length <= maxBytes) return text
  throw new AppError('FILE_FORMAT', `The file ${path} is too long for a list of connections.`, {
    hint: 'Pick a connections.json.',
  })
}
