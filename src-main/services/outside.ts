import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type ConnectionConfig, workspaceConnection } from '../../shared/connections.ts'
import { isObject } from '../../shared/data/json-path.ts'
import { topologicalOrder } from '../../shared/pipeline/graph.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import type { BoundValue } from '../dialects/dialect.ts'
import type { NodePlace } from '../engine/fingerprint.ts'
import { absolutePath, namedFiles } from '../engine/io/file/paths.ts'
import type { SecretService } from './secrets.ts'
import type { Where, Workspace } from './workspace.ts'

/** What the rows of a node are made from besides the pipeline. */
export interface Outside extends NodePlace {
  /** Which database, or which files, those of the nodes before it left aside. Empty where there is none or it cannot be told. */
  place: string
  /** When files that it or a node before it reads last changed, in milliseconds of the epoch; 0 where there are none. */
  changed: number
}

/**
 * Looks at the world that a pipeline's sources stand in, as far as a look costs next to nothing: where connections lead, and when files, SQLite's
 * among them, were last written. What happens on a server cannot be seen.
 */
export async function outsideOf(
  workspace: Pick<Workspace, 'resolve' | 'secrets'>,
  pipeline: Pipeline,
  params: Record<string, BoundValue>,
  where: Where,
): Promise<Map<string, Outside>> {
  const databases = new Map<string, Promise<Database>>()
  const database = (name: string) => {
    const known = databases.get(name) ?? databaseOf(workspace, name, where)
    databases.set(name, known)
    return known
  }
  const arriving = Map.groupBy(pipeline.edges, ({ to }) => to)
  const found = new Map<string, Outside>()
  for (const id of topologicalOrder(pipeline)) {
    const node = pipeline.nodes[id]
    const own = node ? await ownOutside(node, where.folder, params, database, workspace.secrets) : nothing
    const before = (arriving.get(id) ?? []).map(({ from }) => found.get(from)?.changed ?? 0)
    found.set(id, { ...own, changed: Math.max(own.changed, ...before) })
  }
  return found
}

interface Database {
  place: string
  file: string | undefined
}

const nothing: Outside = { place: '', secrets: '', changed: 0 }
const readers = new Set(['query', 'table'])

async function ownOutside(
  { kind, config }: Pipeline['nodes'][string],
  folder: string,
  params: Record<string, BoundValue>,
  database: (name: string) => Promise<Database>,
  secrets: Pick<SecretService, 'resolve'>,
): Promise<Outside> {
  if (kind === 'file') return filesOutside(config.path, folder, params)
  if (kind === 'http') return { ...nothing, secrets: await secretDigits(config, secrets) }
  const { connection } = config
  if (typeof connection !== 'string' || connection === '' || connection === workspaceConnection) return nothing
  const { place, file } = await database(connection)
  if (file === undefined || !readers.has(kind)) return { ...nothing, place }
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })
  return { ...nothing, place, changed: Math.max(lastWritten(file), log && log.size > 0 ? log.mtimeMs : 0) }
}

/** Of each secret that a request holds a few digits of its hash: they tell that it is another one, and next to nothing about it. */
async function secretDigits(config: Record<string, unknown>, secrets: Pick<SecretService, 'resolve'>): Promise<string> {
  const names = [config.headers, config.query]
    .flatMap((part) => Object.values(part ?? {}))
    .flatMap((value: unknown) => (isObject(value) && typeof value.secret === 'string' ? value.secret : []))
  const digits = await Promise.all(
    names.map((name) =>
      secrets.resolve(name).then(
        (secret) => createHash('sha256').update(`${name}\0${secret}`).digest('hex').slice(0, 6),
        () => '',
      ),
    ),
  )
  return digits.join(' ')
}

function filesOutside(path: unknown, folder: string, params: Record<string, BoundValue>): Outside {
  const paths = [path].flat().filter((one) => typeof one === 'string')
  try {
    const files = paths.flatMap((one) => namedFiles(one, folder, params))
    const patterns = paths.filter((one) => !files.includes(absolutePath(one, folder, params)))
    // A file that went leaves no trace but in its folder.
    const folders = patterns.length > 0 ? files.map(dirname) : []
    return {
      ...nothing,
      place: paths.map((one) => absolutePath(one, folder, params)).join('\n'),
      changed: Math.max(0, ...files.map(lastChanged), ...[...new Set(folders)].map(lastWritten)),
    }
  } catch {
    return nothing
  }
}

const lastWritten = (file: string) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** A file that was moved or copied here keeps the time of its last writing. */
function lastChanged(file: string): number {
  const info = statSync(file, { throwIfNoEntry: false })
  return info ? Math.max(info.mtimeMs, info.ctimeMs) : 0
}

async function databaseOf(workspace: Pick<Workspace, 'resolve'>, name: string, where: Where): Promise<Database> {
  try {
    const { config, folder } = await workspace.resolve(name, where)
    const file = config.dialect === 'sqlite' && config.file !== undefined ? resolve(folder, config.file) : undefined
    return { place: placeOf(config, file), file }
  } catch {
    return { place: '', file: undefined }
  }
}

/** Where a connection leads and as whom; no secret is in it. */
function placeOf({ dialect, host, port, database, user, driver, tunnel }: ConnectionConfig, file: string | undefined) {
  const parts = file === undefined ? [host, port, database, user, driver, tunnel?.host, tunnel?.port] : [file]
  return createHash('sha256')
    .update(JSON.stringify([dialect, ...parts]))
    .digest('hex')
    .slice(0, 32)
}
