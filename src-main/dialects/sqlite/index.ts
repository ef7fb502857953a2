import { resolve } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { Dialect } from '../dialect.ts'
import { quoteName } from './column-types.ts'
import { SqliteDatabase } from './database.ts'
import { parseUrl } from './url.ts'

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
