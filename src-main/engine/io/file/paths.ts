import { existsSync, globSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, relative, resolve, sep } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import { nearestFew } from '../../../../shared/nearest.ts'
import { fillTemplate, soleName } from '../../../../shared/template.ts'
import { type Parameters, parameterText } from '../parameters.ts'

const magic = /[*?[\]{}]/g

/**
 * A path of a config made absolute, its parameters filled in. A value stands for part of a name, so it may not lead to another
 * folder; a path that is one parameter and nothing else may be any path.
 * @throws AppError CONFIG_PARAMETER
 */
export function absolutePath(path: string, folder: string, params: Parameters, field = 'path'): string {
  return resolve(
    folder,
    filled(path, params, field, (value) => value),
  )
}

function filled(path: string, params: Parameters, field: string, render: (value: string) => string): string {
  if (soleName(path) !== undefined) return fillTemplate(path, (name) => parameterText(params, name, field))
  return fillTemplate(path, (name) => {
    const value = parameterText(params, name, field)
    if (/[/\\\0]/.test(value) || value === '..' || value === '') {
      throw new AppError(
        'CONFIG_PARAMETER',
        `The parameter ${name} stands for part of a file name and cannot be "${value}".`,
        {
          hint: 'Leave folders out of the value, or make the whole path one parameter: "{{file}}".',
          at: { field },
        },
      )
    }
    return render(value)
  })
}

/** Files that a config names now, absolute, patterns resolved and sorted; files that are missing are left in the list. */
export function namedFiles(paths: string | readonly string[], folder: string, params: Parameters): string[] {
  const all = [paths].flat().flatMap((path) => filesOf(path, folder, params))
  return [...new Set(all)]
}

function filesOf(path: string, folder: string, params: Parameters): string[] {
  const literal = absolutePath(path, folder, params)
  if (soleName(path) !== undefined || !isPattern(path) || existsSync(literal)) return [literal]
  const pattern = filled(path, params, 'path', (value) => value.replace(magic, '[$&]'))
  return globSync(pattern, { cwd: folder })
    .map((found) => resolve(folder, found))
    .filter((found) => statSync(found, { throwIfNoEntry: false })?.isFile())
    .sort()
}

const isPattern = (path: string) => /[*?[{]/.test(fillTemplate(path, () => ''))

/**
 * As `namedFiles`, but every file must be there.
 * @throws AppError FILE_MISSING with the nearest names, FILE_FORMAT for a folder
 */
export function presentFiles(paths: string | readonly string[], folder: string, params: Parameters): string[] {
  const files = namedFiles(paths, folder, params)
  if (files.length === 0) {
    throw new AppError('FILE_MISSING', `No file matches ${[paths].flat().join(', ')}.`, {
      hint: `The pattern is read against the folder ${folder}.`,
      at: { field: 'path' },
    })
  }
  for (const file of files) {
    const found = statSync(file, { throwIfNoEntry: false })
    if (found === undefined) throw missingFile(file, folder)
    if (found.isDirectory()) {
      throw new AppError('FILE_FORMAT', `${shortPath(file, folder)} is a folder.`, {
        hint: 'Name its files with a pattern, e.g. data/*.csv.',
        at: { field: 'path' },
      })
    }
  }
  return files
}

export function missingFile(file: string, folder: string): AppError {
  const near = nearestFew(basename(file), namesIn(dirname(file)))
  const where = existsSync(dirname(file)) ? '' : ' Nor is its folder there.'
  return new AppError('FILE_MISSING', `There is no file ${shortPath(file, folder)}.${where}`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `Paths are read against the folder ${folder}.`,
    at: { field: 'path' },
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A path as messages and the column of file names show it: relative to the pipeline's folder where it lies inside. */
export function shortPath(file: string, folder: string): string {
  const inside = relative(folder, file)
  return inside === '' || inside.startsWith(`..${sep}`) || inside === '..' || isAbsolute(inside) ? file : inside
}
