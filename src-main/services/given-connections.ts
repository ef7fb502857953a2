import { type ConnectionConfig, secretMask } from '../../shared/connections.ts'
import type { GivenConnection } from '../../shared/contract/connections.ts'
import { toAppError } from '../../shared/errors.ts'
import { type ConnectionFile, connectionOfFile, findConnectionFiles, parseConnectionUrl } from './connection-file.ts'
import { joinSecrets, splitSecrets } from './connection-secrets.ts'
import { environmentConnections } from './resolve.ts'
import type { Workspace } from './workspace.ts'

/** Connections that the environment and the connections.json of some folders (and of those above) define. */
export async function givenConnections(folders: readonly string[], workspace: Workspace): Promise<GivenConnection[]> {
  const { env } = workspace
  const read = async (open: () => Promise<ConnectionConfig>): Promise<Pick<GivenConnection, 'config' | 'error'>> => {
    try {
      return { config: masked(await open(), workspace) }
    } catch (error) {
      return { config: null, error: workspace.redactor.redact(toAppError(error).toJSON()) }
    }
  }
  const given = await Promise.all(
    environmentConnections(env).map(async ({ name, variable, url }): Promise<GivenConnection> => {
      const config = await read(() => parseConnectionUrl(url))
      return { name, origin: 'environment', place: variable, folder: null, ...config }
    }),
  )
  const files = new Map<string, ConnectionFile>()
  for (const folder of folders) {
    const seen = await findConnectionFiles(folder).catch(() => ({ files: [] }))
    for (const file of seen.files) files.set(file.path, file)
  }
  const shared = [...files.values()].flatMap((file) =>
    [...file.entries.keys()].map(async (name): Promise<GivenConnection> => {
      const config = await read(() => connectionOfFile(file, name, env))
      return { name, origin: 'file', place: file.path, folder: file.folder, ...config }
    }),
  )
  return [...given, ...(await Promise.all(shared))]
}

function masked(config: ConnectionConfig, { redactor }: Workspace): ConnectionConfig {
  const { config: rest, secrets } = splitSecrets(config)
  for (const secret of Object.values(secrets)) redactor.add(secret)
  return joinSecrets(rest, Object.fromEntries(Object.keys(secrets).map((path) => [path, secretMask])))
}
