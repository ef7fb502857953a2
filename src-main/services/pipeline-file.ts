import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { registry } from '../../shared/nodes/registry.ts'
import {
  checkSize,
  type OpenedPipeline,
  openPipeline,
  type ParsedPipeline,
  parsePipeline,
} from '../../shared/pipeline/parse.ts'

export interface PipelineFile {
  /** Absolute. */
  file: string
  folder: string
  text: string
  /** SHA-256 of the text, hex. */
  hash: string
}

/**
 * Reads a pipeline file as text; its size is looked at before its bytes.
 * @throws AppError FILE_MISSING, FILE_DENIED, DOC_LIMIT, DOC_SYNTAX
 */
export async function readPipelineText(path: string, cwd: string): Promise<PipelineFile> {
  const file = resolve(cwd, path)
  let bytes: Buffer
  try {
    const info = await stat(file)
    if (info.isDirectory()) {
      throw new AppError('FILE_MISSING', `${path} is a folder, not a pipeline file.`, {
        hint: 'Name a file in it, such as daily.pipeline.json.',
      })
    }
    checkSize(info.size)
    bytes = await readFile(file)
  } catch (error) {
    throw unreadable(path, error)
  }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new AppError('DOC_SYNTAX', `${path} is not UTF-8 text.`, { hint: 'Save it as UTF-8.', cause })
  }
  return { file, folder: dirname(file), text, hash: createHash('sha256').update(bytes).digest('hex') }
}

/** Reads a pipeline file to run it. @throws as readPipelineText and parsePipeline */
export async function readPipeline(path: string, cwd: string): Promise<PipelineFile & ParsedPipeline> {
  const read = await readPipelineText(path, cwd)
  return { ...read, ...parsePipeline(read.text, registry) }
}

/** Reads a pipeline file to look at it: what keeps it from running comes as problems. @throws as readPipelineText and openPipeline */
export async function lookAtPipeline(path: string, cwd: string): Promise<PipelineFile & OpenedPipeline> {
  const read = await readPipelineText(path, cwd)
  return { ...read, ...openPipeline(read.text, registry) }
}

function unreadable(path: string, error: unknown): AppError {
  if (error instanceof AppError) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('FILE_MISSING', `There is no file ${path}.`, {
      hint: 'Check the path; relative paths start at the current folder.',
    })
  }
  return new AppError('FILE_DENIED', `${path} cannot be read.`, { hint: 'Check its permissions.', cause: error })
}
