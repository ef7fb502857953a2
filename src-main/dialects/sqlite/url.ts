import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'

/**
 * Reads `sqlite:relative/or/absolute.db`, also `sqlite:///absolute.db` and `sqlite://relative.db`, with `?mode=ro` for read-only.
 * @param leave told of options that are not known and left out; without it they are refused
 * @throws AppError CONNECTION_INVALID
 */
export function parseUrl(url: string, leave?: (option: string) => void): ConnectionConfig {
  const match = /^(sqlite3?|file):([^?]*)(?:\?(.*))?$/i.exec(url.trim())
  const [, scheme = '', path = '', query = ''] = match ?? []
  if (/^file$/i.test(scheme) && /^\/\/[^/]/.test(path)) throw unnamed('Write file:///path/to/file.db.')
  const file = fileOf(path)
  if (file === '') throw unnamed('Write sqlite:path/to/file.db, and ?mode=ro behind it to open it read-only.')
  const options = new URLSearchParams(query)
  const unknown = [...options.keys()].filter((key) => key !== 'mode')
  const mode = options.get('mode')
  if ((unknown.length > 0 && !leave) || (mode !== null && !['ro', 'rw', 'rwc'].includes(mode))) {
    throw new AppError('CONNECTION_INVALID', 'The URL of a SQLite connection has options that are not known.', {
      hint: 'The only option is mode=ro (read-only).',
    })
  }
  for (const option of unknown) leave?.(option)
  return { dialect: 'sqlite', file, ...(mode === 'ro' ? { readOnly: true } : {}) }
}

/** Behind two slashes a path is relative, behind three it is absolute; one that says `./` or names a drive is taken at its word. */
function fileOf(path: string): string {
  const plain = decoded(path.replace(/^\/\//, ''))
  return /^\/(?:\.{1,2}[\\/]|[a-z]:[\\/]|:memory:$)/i.test(plain) ? plain.slice(1) : plain.replace(/^\/{2,}/, '/')
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const unnamed = (hint: string) =>
  new AppError('CONNECTION_INVALID', 'The URL of a SQLite connection does not name a file.', { hint })
