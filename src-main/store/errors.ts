import { AppError, type ErrorCode } from '../../shared/errors.ts'

/** Node, SQLite and Postgres codes that say what is wrong with the store; anything else is INTERNAL. */
const known: Record<string, { code: ErrorCode; what: string; hint: string; retryable?: boolean }> = {
  SQLITE_BUSY: {
    code: 'CONNECTION_LOCKED',
    what: 'is locked by another process',
    hint: 'Another run is writing for very long, or a database tool holds the file open. Try again.',
    retryable: true,
  },
  SQLITE_CANTOPEN: {
    code: 'FILE_DENIED',
    what: 'cannot be opened',
    hint: 'Check that the folder exists and may be written, or set SLUICE_HOME to another folder.',
  },
  SQLITE_READONLY: {
    code: 'FILE_DENIED',
    what: 'may not be written',
    hint: 'Check the permissions of the file and its folder, or set SLUICE_HOME to another folder.',
  },
  SQLITE_NOTADB: {
    code: 'FILE_FORMAT',
    what: 'is not a workspace',
    hint: 'Move the file away and Sluice makes a new one, or restore it from a backup.',
  },
  SQLITE_CORRUPT: {
    code: 'FILE_FORMAT',
    what: 'is damaged',
    hint: 'Restore it from a backup, or save what can be read with: sqlite3 workspace.db .recover',
  },
  SQLITE_FULL: { code: 'LIMIT_DISK', what: 'cannot grow, the disk is full', hint: 'Free some space and try again.' },
  SQLITE_IOERR: { code: 'FILE_WRITE', what: 'cannot be read or written', hint: 'Check the disk.' },
  EACCES: {
    code: 'FILE_DENIED',
    what: 'cannot be opened',
    hint: 'Check the permissions of the folder, or set SLUICE_HOME to another folder.',
  },
  ENOENT: {
    code: 'FILE_DENIED',
    what: 'cannot be made',
    hint: 'Set SLUICE_HOME to a folder that exists, or that this user may make.',
  },
  EROFS: {
    code: 'FILE_DENIED',
    what: 'is on a read-only disk',
    hint: 'Set SLUICE_HOME to a folder that may be written.',
  },
  ENOTDIR: { code: 'FILE_DENIED', what: 'lies under a file', hint: 'Set SLUICE_HOME to a folder.' },
  EEXIST: { code: 'FILE_DENIED', what: 'cannot be made, a file is in the way', hint: 'Set SLUICE_HOME to a folder.' },
  EPERM: {
    code: 'FILE_DENIED',
    what: 'belongs to another user',
    hint: 'Set SLUICE_HOME to a folder of your own.',
  },
  ENOSPC: { code: 'LIMIT_DISK', what: 'cannot grow, the disk is full', hint: 'Free some space and try again.' },
  ECONNREFUSED: { code: 'CONNECTION_REFUSED', what: 'does not answer', hint: 'Check SLUICE_STORE.', retryable: true },
  ENOTFOUND: { code: 'CONNECTION_HOST', what: 'is on an unknown host', hint: 'Check SLUICE_STORE.' },
  ETIMEDOUT: { code: 'CONNECTION_TIMEOUT', what: 'does not answer', hint: 'Check SLUICE_STORE.', retryable: true },
  '28P01': { code: 'CONNECTION_AUTH', what: 'refuses the user or password', hint: 'Check SLUICE_STORE.' },
  '28000': { code: 'CONNECTION_AUTH', what: 'refuses the user', hint: 'Check SLUICE_STORE.' },
  '3D000': {
    code: 'CONNECTION_DATABASE',
    what: 'does not exist',
    hint: 'Create the database that SLUICE_STORE names.',
  },
  '42501': {
    code: 'QUERY_DENIED',
    what: 'may not be written by this user',
    hint: 'Grant the user CREATE on the database.',
  },
}

/** Says what is wrong with the workspace database. `where` is shown, so it never holds a password. */
export function storeError(thrown: unknown, where: string): AppError {
  if (thrown instanceof AppError) return thrown
  const code = causeCode(thrown)
  const entry = known[code]
  if (!entry) {
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return new AppError('INTERNAL', `The workspace ${where} failed: ${message}`, { cause: thrown })
  }
  return new AppError(entry.code, `The workspace ${where} ${entry.what}.`, {
    hint: entry.hint,
    retryable: entry.retryable ?? false,
    cause: thrown,
  })
}

/** Sequelize wraps the driver's error in `parent`; some drivers wrap the system's in `cause`. */
function causeCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; ) {
    if ('code' in error && typeof error.code === 'string') return error.code
    error = 'parent' in error ? error.parent : error.cause
  }
  return ''
}
