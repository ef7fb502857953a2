import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ConnectionConfig } from '../../shared/connections.ts'
import type { Diagnosis, DiagnosisKind } from '../../shared/contract/connections.ts'
import type { AppError } from '../../shared/errors.ts'
import { adviceFor } from './diagnosis-advice.ts'

/** Says in words why a connection could not be opened, and what to do about it. `folder` anchors a relative file. */
export function diagnose(error: AppError, config: ConnectionConfig, folder: string): Diagnosis {
  const kind = kindOf(error, config, folder)
  const { title, steps, field, change } = adviceFor(kind, config, error)
  return {
    kind,
    title,
    steps,
    ...(field === undefined ? {} : { field }),
    ...(change === undefined ? {} : { change }),
  }
}

function kindOf(error: AppError, config: ConnectionConfig, folder: string): DiagnosisKind {
  switch (error.code) {
    case 'CONNECTION_HOST':
      return /cannot be reached/.test(error.message) ? 'unreachable' : 'host-unknown'
    case 'CONNECTION_REFUSED':
      // Who is told that there is no room has reached the server.
      return error.retryable && error.sqlState !== undefined ? 'no-room' : 'refused'
    case 'CONNECTION_TIMEOUT':
      return 'timeout'
    case 'CONNECTION_LOST':
      return 'not-this-database'
    case 'CONNECTION_DATABASE':
      return 'database-missing'
    case 'CONNECTION_LOCKED':
      return 'locked'
    case 'CONNECTION_FILE':
      return fileKind(resolve(folder, config.file ?? ''))
    case 'CONNECTION_TLS':
      return tlsKind(error)
    case 'CONNECTION_AUTH':
      return loginKind(error, config)
    case 'CONNECTION_TUNNEL':
      return tunnelKind(error)
    case 'VAULT_LOCKED':
      return 'vault'
    case 'CONNECTION_INVALID':
    case 'CONNECTION_UNKNOWN':
      return 'config'
    default:
      return 'other'
  }
}

/** What every SQLite database begins with (https://sqlite.org/fileformat.html). */
const header = 'SQLite format 3\0'

function fileKind(path: string): DiagnosisKind {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) return 'file-missing'
  if (!found.isFile()) return 'not-a-database'
  try {
    const file = openSync(path, 'r')
    const start = Buffer.alloc(header.length)
    const read = readSync(file, start, 0, header.length, 0)
    closeSync(file)
    if (read === 0) return 'other'
    return start.toString('latin1') === header ? 'damaged' : 'not-a-database'
  } catch {
    return 'file-denied'
  }
}

function tlsKind(error: AppError): DiagnosisKind {
  if (error.sqlState !== undefined || /only encrypted/.test(error.message)) return 'tls-required'
  if (/cannot be read/.test(error.message)) return 'tls-files'
  return /does not offer/.test(error.message) ? 'tls-not-offered' : 'tls-untrusted'
}

function loginKind(error: AppError, config: ConnectionConfig): DiagnosisKind {
  if (/role ".*" does not exist/.test(error.message)) return 'unknown-user'
  if (
    /pg_hba\.conf|does not accept connections from|not into database|Access denied .* to database/i.test(
      `${error.message} ${error.hint ?? ''}`,
    )
  )
    return 'not-allowed'
  return config.password === undefined || config.password === '' ? 'password-missing' : 'wrong-password'
}

function tunnelKind(error: AppError): DiagnosisKind {
  switch (error.at.field) {
    case 'tunnel.hostKey':
      return 'tunnel-host-key'
    case 'tunnel.user':
      return 'tunnel-auth'
    case 'tunnel.port':
      return 'tunnel-refused'
    case 'tunnel.host':
      return error.retryable && /in time/.test(error.message) ? 'tunnel-timeout' : 'tunnel-host'
    case 'host':
      return 'tunnel-target'
    default:
      return 'tunnel-key'
  }
}
