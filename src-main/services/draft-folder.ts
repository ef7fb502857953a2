import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/** Where windows keep what is not saved: a folder for each, a file for each draft. */
export const draftsFolder = (home: string): string => join(home, 'drafts')

/** @throws AppError CONFIG_INVALID for an id that is no plain name, which would lead out of the folder */
export const draftFolder = (home: string, window: string): string => join(draftsFolder(home), plain(window))

/** @throws AppError CONFIG_INVALID for an id that is no plain name */
export const draftFile = (home: string, window: string, id: string): string =>
  join(draftFolder(home, window), `${plain(id)}.json`)

function plain(id: string): string {
  if (/^[\w-]{1,64}$/.test(id)) return id
  throw new AppError('CONFIG_INVALID', 'The draft has no proper id.')
}
