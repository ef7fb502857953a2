import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ConnectionUse } from '../../shared/contract/connections.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import type { Pipeline } from '../../shared/pipeline/schema.ts'
import { findConnectionFiles } from './connection-file.ts'
import { listDrafts } from './drafts.ts'
import { listRecent } from './recent.ts'
import type { Workspace } from './workspace.ts'

/** Pipeline files looked at; more would make the screen wait. */
const maxFiles = 500
const maxBytes = 4 * 2 ** 20

/**
 * Where the workspace's connections are named: in pipelines opened lately, in drafts and in pipelines under the workspace. A pipeline whose folder
 * defines the name itself does not use the workspace's. Files that cannot be read are passed over.
 */
export async function connectionUses(workspace: Workspace): Promise<Record<string, ConnectionUse[]>> {
  const [recent, drafts, own] = await Promise.all([
    listRecent(workspace.settings),
    listDrafts(workspace.home),
    pipelinesUnder(workspace.home, 4),
  ])
  const uses: Record<string, ConnectionUse[]> = {}
  const add = async (path: string, folder: string, text: string) => {
    const pipeline = parsed(text)
    if (!pipeline) return
    const elsewhere = await definedFor(folder)
    for (const [connection, nodes] of connectionsOf(pipeline)) {
      if (elsewhere.has(connection)) continue
      uses[connection] = [...(uses[connection] ?? []), { pipeline: pipeline.name, path, nodes }]
    }
  }
  const edited = new Set<string>()
  for (const { path, text } of drafts) {
    if (path !== null) edited.add(path)
    await add(path ?? '', path === null ? workspace.home : dirname(path), text)
  }
  const files = new Set([...recent.filter(({ exists }) => exists).map(({ path }) => path), ...own])
  for (const path of [...files].filter((file) => !edited.has(file)).slice(0, maxFiles)) {
    const info = await stat(path).catch(() => undefined)
    if (!info || info.size > maxBytes) continue
    await add(path, dirname(path), await readFile(path, 'utf8').catch(() => ''))
  }
  return uses
}

/** Nodes by the connection that they name. */
function connectionsOf({ nodes }: Pipeline): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [id, { config }] of Object.entries(nodes)) {
    const { connection } = config
    if (typeof connection === 'string' && connection !== '')
      found.set(connection, [...(found.get(connection) ?? []), id])
  }
  return found
}

function parsed(text: string): Pipeline | undefined {
  try {
    return openPipeline(text, registry).pipeline
  } catch {
    return undefined
  }
}

async function definedFor(folder: string): Promise<Set<string>> {
  const { files } = await findConnectionFiles(folder).catch(() => ({ files: [] }))
  return new Set(files.flatMap(({ entries }) => [...entries.keys()]))
}

async function pipelinesUnder(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name)
      if (entry.isFile()) return entry.name.endsWith('.pipeline.json') ? [path] : []
      // Rows of runs hold no pipelines, and there may be many.
      const searched = entry.isDirectory() && depth > 0 && entry.name !== 'runs' && !entry.name.startsWith('.')
      return searched ? pipelinesUnder(path, depth - 1) : []
    }),
  )
  return found.flat()
}
