import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { clip } from '../../../shared/clip.ts'
import type { SavedQuery } from '../../../shared/contract/queries.ts'
import { AppError } from '../../../shared/errors.ts'
import { fileNameProblem } from '../../../shared/file-name.ts'
import { replaceFile } from '../replace-file.ts'

/** Saved queries are plain .sql files, so that other programs and people can read them; the first line names the connection. */
const folderOf = (home: string) => join(home, 'queries')
const header = /^-- connection: (.+)\r?\n/

/** By name. What cannot be read is left out. */
export async function listSaved(home: string): Promise<SavedQuery[]> {
  const names = await readdir(folderOf(home)).catch(() => [])
  const files = names.filter((name) => name.endsWith('.sql') && !name.startsWith('.'))
  const found = await Promise.all(files.map((name) => read(join(folderOf(home), name)).catch(() => undefined)))
  return found.filter((saved) => saved !== undefined).sort((a, b) => a.name.localeCompare(b.name))
}

/** @throws AppError FILE_CONFLICT when there is one of that name and it is not to be replaced; FILE_WRITE, CONFIG_INVALID */
export async function saveQuery(
  home: string,
  { name, connection, sql, replace }: { name: string; connection: string | null; sql: string; replace: boolean },
): Promise<SavedQuery> {
  const path = pathOf(home, name)
  if (!replace) await checkFree(path, name)
  await mkdir(folderOf(home), { recursive: true, mode: 0o700 })
  await replaceFile(path, connection === null ? sql : `-- connection: ${connection}\n${sql}`, 0o600)
  return read(path)
}

/** @throws AppError as saveQuery, FILE_MISSING */
export async function renameSaved(home: string, path: string, name: string): Promise<SavedQuery> {
  const from = known(home, path)
  const to = pathOf(home, name)
  if (from !== to) await checkFree(to, name)
  await rename(from, to).catch((cause: unknown) => {
    throw new AppError('FILE_MISSING', `${basename(from)} is not there any more.`, { cause })
  })
  return read(to)
}

/** Saved queries that name a connection name it by its new name. @returns those that could not be written */
export async function renameInSaved(home: string, connection: string, to: string): Promise<string[]> {
  const naming = (await listSaved(home)).filter((saved) => saved.connection === connection)
  const left = await Promise.all(
    naming.map(async ({ name, path }) => {
      try {
        const text = await readFile(path, 'utf8')
        await replaceFile(
          path,
          text.replace(header, (line) => `-- connection: ${to}${line.endsWith('\r\n') ? '\r\n' : '\n'}`),
          0o600,
        )
        return undefined
      } catch {
        return name
      }
    }),
  )
  return left.filter((name) => name !== undefined)
}

export async function removeSaved(home: string, path: string): Promise<void> {
  await rm(known(home, path), { force: true })
}

async function read(path: string): Promise<SavedQuery> {
  const [text, { mtime }] = await Promise.all([readFile(path, 'utf8'), stat(path)])
  const connection = header.exec(text)?.[1] ?? null
  const sql = text.replace(header, '')
  return { name: basename(path, '.sql'), path, connection, sql, modified: mtime.toISOString() }
}

/** @throws AppError CONFIG_INVALID for a name that no file can have everywhere, or that leads out of the folder */
function pathOf(home: string, name: string): string {
  const trimmed = name.trim()
  const problem = fileNameProblem(trimmed)
  if (problem === undefined) return join(folderOf(home), `${trimmed}.sql`)
  throw new AppError('CONFIG_INVALID', `"${clip(name)}" cannot be the name of a file.`, {
    hint: problem,
    at: { field: 'name' },
  })
}

/** @throws AppError FILE_DENIED for a path that is no saved query */
function known(home: string, path: string): string {
  const whole = resolve(path)
  if (dirname(whole) === resolve(folderOf(home)) && whole.endsWith('.sql')) return whole
  throw new AppError('FILE_DENIED', `${path} is no saved query.`)
}

async function checkFree(path: string, name: string): Promise<void> {
  if (!(await stat(path).catch(() => undefined))) return
  throw new AppError('FILE_CONFLICT', `There is a saved query named ${name} already.`, {
    hint: 'Choose another name, or replace it.',
    at: { field: 'name' },
  })
}
