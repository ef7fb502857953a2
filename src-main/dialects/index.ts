import type { DialectId } from '../../shared/connections.ts'
import { AppError } from '../../shared/errors.ts'
import type { Dialect } from './dialect.ts'

const loaders: Record<DialectId, () => Promise<Dialect>> = {
  sqlite: async () => (await import('./sqlite/index.ts')).sqlite,
  postgres: async () => (await import('./postgres/index.ts')).postgres,
  mysql: async () => (await import('./mysql/index.ts')).mysql,
}

/** Loads a dialect when it is first needed; drivers are large and start-up is short. */
export function loadDialect(id: DialectId): Promise<Dialect> {
  return loaders[id]()
}

/**
 * A connection URL without what other programs put around it: `jdbc:` before it, and a driver behind its scheme as in `mysql+pymysql:`. Whoever names
 * a driver for SQLite begins an absolute path with a fourth slash.
 */
export function plainUrl(url: string): string {
  const plain = url.trim().replace(/^jdbc:/i, '')
  if (/^sqlite\+\w+:\/\//i.test(plain)) return plain.replace(/^sqlite\+\w+:\/\/\/?/i, 'sqlite:')
  return plain.replace(/^(mysql|mariadb|postgres|postgresql)\+\w+:/i, '$1:')
}

/** The dialect a connection URL is for. @throws AppError CONNECTION_INVALID */
export function dialectOfUrl(url: string): DialectId {
  if (/^(?:postgres|postgresql):/i.test(url)) return 'postgres'
  if (/^(?:mysql|mariadb):/i.test(url)) return 'mysql'
  if (/^(?:sqlite|file):/i.test(url)) return 'sqlite'
  // The text may hold a password, so it is not shown.
  throw new AppError('CONNECTION_INVALID', 'The connection URL names no database that Sluice knows.', {
    hint: 'Use sqlite:path/to/file.db, postgres://user:password@host/database or mysql://user:password@host/database.',
  })
}
