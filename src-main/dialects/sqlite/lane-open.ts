import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { constants, DatabaseSync } from 'node:sqlite'
import { AppError } from '../../../shared/errors.ts'
import { mapError } from './errors.ts'
import { lines, refuse } from './lane-lines.ts'
import type { Calls } from './protocol.ts'
import { REFUSE, TAKE } from './wire-sql.ts'

/** Opens the file; one that is missing is created, unless the connection is read-only. */
export function openFile({ file, readOnly, busyMs }: Calls['open']['args']): DatabaseSync {
  const memory = file === ':memory:'
  if (!memory) checkPath(file, readOnly)
  try {
    const database = new DatabaseSync(file, { readOnly: readOnly && !memory, timeout: busyMs })
    // Reading the schema is what tells a database from any other file.
    database.prepare('select count(*) from sqlite_schema').get()
    if (readOnly) refuseWrites(database)
    database.function(REFUSE, { varargs: true }, refuse)
    database.function(TAKE, (line) => lines.take(line))
    return database
  } catch (thrown) {
    const error = mapError(thrown)
    throw new AppError(error.code, `${file}: ${error.message}`, { hint: error.hint, retryable: error.retryable })
  }
}

function checkPath(file: string, readOnly: boolean): void {
  const folder = dirname(file)
  if (!existsSync(folder)) {
    throw new AppError('CONNECTION_FILE', `The folder ${folder} of the SQLite database does not exist.`, {
      hint: 'Create the folder, or correct the path of the connection.',
    })
  }
  if (readOnly && !existsSync(file)) {
    throw new AppError('CONNECTION_FILE', `There is no SQLite database at ${file}.`, {
      hint: 'Correct the path of the connection; a read-only connection does not create the file.',
    })
  }
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new AppError('CONNECTION_FILE', `${file} is a folder, not a SQLite database.`, {
      hint: 'Name the database file inside it.',
    })
  }
}

type Authorizer = NonNullable<Parameters<DatabaseSync['setAuthorizer']>[0]>

/** The file itself is already write-protected; no other file may be reached around it, nor query_only switched off. */
const guard: Authorizer = (action, subject, argument) => {
  if (action === constants.SQLITE_ATTACH) return constants.SQLITE_DENY
  const unlocking = action === constants.SQLITE_PRAGMA && subject === 'query_only' && argument !== null
  return unlocking ? constants.SQLITE_DENY : constants.SQLITE_OK
}

const guarded = new WeakSet<DatabaseSync>()

/** Whether the database was opened so that it refuses writes. */
export const isGuarded = (database: DatabaseSync): boolean => guarded.has(database)

function refuseWrites(database: DatabaseSync): void {
  database.exec('pragma query_only = on')
  guarded.add(database)
  database.setAuthorizer(guard)
}

/**
 * Tells which tables and views the statements read that are compiled until the returned function is called. The
 * schema is null where the statement leaves it unsaid and reads no column, as `select count(*) from t` does.
 */
export function watchReads(database: DatabaseSync, onRead: (table: string, schema: string | null) => void): () => void {
  const base = guarded.has(database) ? guard : null
  database.setAuthorizer((action, subject, argument, schema, cause) => {
    if (action === constants.SQLITE_READ && subject !== null) onRead(subject, schema)
    return base?.(action, subject, argument, schema, cause) ?? constants.SQLITE_OK
  })
  return () => database.setAuthorizer(base)
}
