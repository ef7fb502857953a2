import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toAppError } from '../../shared/errors.ts'
import { samplesFolder } from './samples.ts'
import type { Workspace } from './workspace.ts'

const key = 'firstRun'
const connection = 'sample'

const preparing = new WeakMap<Workspace, Promise<void>>()

/**
 * Gives a new workspace a database to try things on, under the connection `sample`. Done once: who removes it does not get it back.
 * Whatever fails leaves the workspace as usable as it was.
 */
export function prepareWorkspace(workspace: Workspace): Promise<void> {
  const prepared = preparing.get(workspace) ?? prepare(workspace).catch(() => void preparing.delete(workspace))
  preparing.set(workspace, prepared)
  return prepared
}

async function prepare({ home, settings, connections }: Workspace): Promise<void> {
  if ((await settings.get(key)) !== undefined) return
  const original = join(samplesFolder(), 'database', 'sample.db')
  const file = join(home, 'sample.db')
  // Bytes rather than a copy of the file: an installed product's permissions may forbid writing.
  await writeFile(file, await readFile(original), { flag: 'wx', mode: 0o600 }).catch(ignore('EEXIST'))
  await connections
    .add(connection, { dialect: 'sqlite', file, environment: 'development' }, home)
    .catch((error: unknown) => {
      if (toAppError(error).code !== 'CONNECTION_INVALID') throw error
    })
  await settings.set(key, { at: new Date().toISOString() })
}

const ignore = (code: string) => (error: unknown) => {
  if (!(error instanceof Error && 'code' in error && error.code === code)) throw error
}
