import type { ConnectionConfig, DialectId } from '../../shared/connections.ts'
import type { ConnectionTest } from '../../shared/contract/connections.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { splitSecrets } from './connection-secrets.ts'
import { diagnose } from './diagnosis.ts'
import { openDatabase, requireFile } from './open-database.ts'
import type { Redactor } from './redact.ts'
import type { TunnelOptions } from './tunnel.ts'

/** The statement that asks a server for its version. */
const versionQueries: Record<DialectId, string> = {
  sqlite: 'select sqlite_version()',
  postgres: 'show server_version',
  mysql: 'select version()',
}

export interface Attempt {
  name: string
  /** With its secrets. */
  config: ConnectionConfig
}

/** Opens a connection, asks `select 1` and the version, and closes it. Failures are part of the answer, not thrown. */
export async function testConnection(
  { name, config }: Attempt,
  options: TunnelOptions & { redactor: Redactor },
): Promise<ConnectionTest> {
  const { redactor, folder, signal } = options
  for (const secret of Object.values(splitSecrets(config).secrets)) redactor.add(secret)
  const started = performance.now()
  try {
    return await unlessStopped(askOrSay(config, options), signal)
  } catch (error) {
    return { ...withoutSecrets(failedTest(error, { name, config }, folder), redactor), ms: since(started) }
  }
}

/**
 * MySQL and MariaDB refuse whoever must come encrypted like someone with a wrong password: whether that is what is missing, only an
 * encrypted attempt tells.
 */
async function askOrSay(config: ConnectionConfig, options: TunnelOptions): Promise<ConnectionTest> {
  try {
    return await ask(config, options)
  } catch (thrown) {
    const error = toAppError(thrown)
    if (config.dialect !== 'mysql' || config.tls?.mode !== 'off' || error.code !== 'CONNECTION_AUTH') throw error
    const encrypted = await ask({ ...config, tls: { ...config.tls, mode: 'require' } }, options).then(
      () => 'works',
      (other: unknown) => toAppError(other).code,
    )
    // Whoever is told that there is no such database was let in.
    if (encrypted !== 'works' && encrypted !== 'CONNECTION_DATABASE') throw error
    throw new AppError('CONNECTION_TLS', 'The server accepts only encrypted connections of this user.', {
      hint: 'Set the TLS mode to "require" or "verify".',
      cause: error,
    })
  }
}

async function ask(config: ConnectionConfig, options: TunnelOptions): Promise<ConnectionTest> {
  const { folder, signal } = options
  const started = performance.now()
  requireFile(config, folder)
  await using database = await openDatabase(config, options)
  await using session = await database.session(signal)
  const connected = performance.now()
  await session.execute({ sql: 'select 1' })
  const [latencyMs, ms] = [since(connected), since(started)]
  const { rows } = await session.execute({ sql: versionQueries[config.dialect] })
  return { ok: true, ms, latencyMs, version: String(rows[0]?.[0] ?? '') }
}

const since = (at: number) => Math.round(performance.now() - at)

/** Whoever stops need not wait until a driver gives up; what it opened is closed when it does. @throws AppError RUN_CANCELLED */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(new AppError('RUN_CANCELLED', 'The test was stopped.'))
  if (signal?.aborted) stop()
  signal?.addEventListener('abort', stop, { once: true })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, stopped.promise])
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

/** Only sentences are searched: a password that is a common word must not change what they are about. */
export function withoutSecrets(test: ConnectionTest, redactor: Redactor): ConnectionTest {
  const { error, diagnosis } = test
  return {
    ...test,
    ...(error && { error: { ...redactor.redact(error), code: error.code } }),
    ...(diagnosis && { diagnosis: { ...diagnosis, steps: redactor.redact(diagnosis.steps) } }),
  }
}

/** The answer of a test that failed; secrets are not removed yet. */
export function failedTest(thrown: unknown, { name, config }: Attempt, folder: string): ConnectionTest {
  const error = toAppError(thrown)
  const report = error.placed({ connection: name }).toJSON()
  return { ok: false, ms: 0, error: report, diagnosis: diagnose(error, config, folder) }
}
