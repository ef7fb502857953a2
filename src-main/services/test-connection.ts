import type { ConnectionConfig, DialectId } from '../../shared/connections.ts'
import type { ConnectionTest } from '../../shared/contract/connections.ts'
import { toAppError } from '../../shared/errors.ts'
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
  const since = (at: number) => Math.round(performance.now() - at)
  try {
    requireFile(config, folder)
    await using database = await openDatabase(config, options)
    await using session = await database.session(signal)
    const connected = performance.now()
    await session.execute({ sql: 'select 1' })
    const [latencyMs, ms] = [since(connected), since(started)]
    const { rows } = await session.execute({ sql: versionQueries[config.dialect] })
    return { ok: true, ms, latencyMs, version: String(rows[0]?.[0] ?? '') }
  } catch (error) {
    return redactor.redact({ ...failedTest(error, { name, config }, folder), ms: since(started) })
  }
}

/** The answer of a test that failed; secrets are not removed yet. */
export function failedTest(thrown: unknown, { name, config }: Attempt, folder: string): ConnectionTest {
  const error = toAppError(thrown)
  const report = error.placed({ connection: name }).toJSON()
  return { ok: false, ms: 0, error: report, diagnosis: diagnose(error, config, folder) }
}
