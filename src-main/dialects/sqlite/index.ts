import { resolve } from 'node:path'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Dialect } from '../dialect.ts'
import { quoteName } from './column-types.ts'
import { SqliteDatabase } from './database.ts'

export const sqlite: Dialect = {
  id: 'sqlite',
  title: 'SQLite',
  commitsItself: () => false,
  canNest: () => true,
  wire: { lists: 'json' },
  parseUrl,
  async open(config, folder) {
    if (!config.file) {
      throw new AppError('CONNECTION_INVALID', 'A SQLite connection needs a file.', {
        hint: 'Give the path of the database file, e.g. data/shop.db.',
      })
    }
    return new SqliteDatabase(sqlite, config, config.file === ':memory:' ? config.file : resolve(folder, config.file))
  },
  quote: quoteName,
}

/** `sqlite:relative/or/absolute.db`, `sqlite:///absolute.db`, with `?mode=ro` for read-only. */
function parseUrl(url: string): ConnectionConfig {
  const match = /^(?:sqlite3?|file):(?:\/\/(?=\/))?([^?#]*)(?:\?(.*))?$/i.exec(url)
  const path = match?.[1]
  if (!path) {
    throw new AppError('CONNECTION_INVALID', 'The URL of a SQLite connection does not name a file.', {
      hint: 'Write sqlite:path/to/file.db, and ?mode=ro behind it to open it read-only.',
    })
  }
  const options = new URLSearchParams(match?.[2] ?? '')
  const unknown = [...options.keys()].filter((key) => key !== 'mode')
  const mode = options.get('mode')
  if (unknown.length > 0 || (mode !== null && mode !== 'ro' && mode !== 'rw' && mode !== 'rwc')) {
    throw new AppError('CONNECTION_INVALID', 'The URL of a SQLite connection has options that are not known.', {
      hint: 'The only option is mode=ro (read-only).',
    })
  }
  return { dialect: 'sqlite', file: decodePath(path), ...(mode === 'ro' ? { readOnly: true } : {}) }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
