import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { chmod, lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { WriteFileConfig } from '../../../shared/nodes/write-file.ts'
import type { SinkExecutor } from '../executors.ts'
import { copyStatement, writeFormat } from './file/copy.ts'
import { absolutePath, shortPath } from './file/paths.ts'
import { stopReason, throwIfStopped } from './stop.ts'

/**
 * Rows into a file. DuckDB writes it under another name in the same folder; it takes its own name when it is whole and on
 * disk, so there is no moment at which a reader sees a part. A dry run writes all of it and removes it.
 */
export const writeFileSink: SinkExecutor<WriteFileConfig> = {
  reads: 'once',

  async check({ config, folder, params }) {
    writeFormat(config, absolutePath(config.path, folder, params))
  },

  async run(context, input, { duck, dryRun }) {
    const { config, folder, params, signal } = context
    if (input === undefined) throw new AppError('GRAPH_PORT', 'Nothing is wired to the file.')
    throwIfStopped(signal)
    const named = absolutePath(config.path, folder, params)
    const name = shortPath(named, folder)
    const format = writeFormat(config, named)
    await prepareFolder(named, name, config)
    const target = await realpath(named).catch(() => named)
    const exists = await lstat(target).catch(() => undefined)
    if (exists !== undefined && config.ifExists === 'fail') throw taken(name)
    if (exists?.isDirectory()) throw writeError(name, 'it is a folder')
    const part = partPath(target)
    await claim(part, name)
    try {
      await removeLeft(target)
      const relation = await input.relation('all columns')
      const rows = { relation, columns: input.columns, rowBytes: await input.rowBytes?.(), file: named, part }
      const { rowsChanged } = await duck.run(copyStatement(config, format, rows)).catch((error: unknown) => {
        throw signal.aborted ? stopReason(signal) : error
      })
      throwIfStopped(signal)
      const bytes = (await stat(part)).size
      if (!dryRun) await publish(part, target, name, config, exists?.mode)
      return { counts: { rowsIn: rowsChanged, inserted: rowsChanged, bytes } }
    } finally {
      await rm(part, { force: true })
      claimed.delete(part)
    }
  },

  paths: (config: WriteFileConfig, folder: string, params = {}) => {
    const named = absolutePath(config.path, folder, params)
    try {
      return [partPath(realpathSync(named))]
    } catch {
      return [partPath(named)]
    }
  },
}

/** Process ids mean something on one machine only, and folders may be shared between several. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** The name while it is written: hidden, beside the target, and of this process. */
const partPath = (target: string) => join(dirname(target), `.${basename(target)}.${machine}-${process.pid}.part`)

/** Removes what processes of this machine left of the target when they were killed. */
async function removeLeft(target: string): Promise<void> {
  const start = `.${basename(target)}.${machine}-`
  for (const entry of await readdir(dirname(target)).catch(() => [])) {
    if (!entry.startsWith(start)) continue
    const pid = /^(\d+)\.part$/.exec(entry.slice(start.length))?.[1]
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(dirname(target), entry), { force: true }).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH')
  }
}

async function prepareFolder(file: string, name: string, config: WriteFileConfig): Promise<void> {
  const folder = dirname(file)
  if (config.createFolder) {
    await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
      throw writeError(name, 'its folder cannot be created', cause)
    })
  }
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  throw new AppError('FILE_WRITE', `${name} cannot be written: its folder is not there.`, {
    hint: 'Create the folder, or set "createFolder".',
    at: { field: 'path' },
  })
}

/** Partial files of this process. */
const claimed = new Set<string>()

/** Makes the partial file; fails when another node is writing the same target. */
async function claim(part: string, name: string): Promise<void> {
  if (claimed.has(part)) throw writeError(name, 'another node is writing it')
  // On a disk that tells no case apart it may be another node's under another spelling.
  const isOurs = [...claimed].some((other) => other.toLowerCase() === part.toLowerCase())
  claimed.add(part)
  try {
    // A process that had this id before may have left one.
    if (!isOurs) await rm(part, { force: true })
    await (await open(part, 'wx')).close()
  } catch (cause) {
    claimed.delete(part)
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EEXIST') throw writeError(name, 'another node is writing it', cause)
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new AppError('FILE_DENIED', `${name} cannot be written: its folder may not be written to.`, {
        hint: 'Give the user who runs the pipeline the right to write there.',
        at: { field: 'path' },
        cause,
      })
    }
    throw writeError(name, 'its folder does not take it', cause)
  }
}

async function publish(
  part: string,
  target: string,
  name: string,
  config: WriteFileConfig,
  mode: number | undefined,
): Promise<void> {
  const handle = await open(part, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (mode !== undefined) await chmod(part, mode & 0o7777)
  if (config.ifExists === 'fail' && (await lstat(target).catch(() => undefined))) throw taken(name)
  await rename(part, target).catch((cause: unknown) => {
    throw writeError(name, 'the finished file cannot take its name', cause)
  })
}

function taken(name: string): AppError {
  return new AppError('FILE_WRITE', `${name} is there already.`, {
    hint: 'Remove it, or set "ifExists" to replace.',
    at: { field: 'ifExists' },
  })
}

function writeError(name: string, why: string, cause?: unknown): AppError {
  return new AppError('FILE_WRITE', `${name} cannot be written: ${why}.`, { at: { field: 'path' }, cause })
}
