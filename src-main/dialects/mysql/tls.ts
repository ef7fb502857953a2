import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'

interface TlsOptions {
  rejectUnauthorized: boolean
  verifyIdentity: boolean
  ca?: string
  cert?: string
  key?: string
}

export type Tls = TlsOptions | false

/** The ways of connecting that the TLS mode allows, in the order to try them. @throws AppError CONNECTION_TLS when a file cannot be read */
export async function tlsWays(config: ConnectionConfig, folder: string): Promise<Tls[]> {
  const { host = 'localhost', tls } = config
  const mode = tls?.mode ?? 'prefer'
  if (mode === 'off' || host.startsWith('/')) return [false]
  const files = {
    ...(await pem('ca', tls?.ca, folder)),
    ...(await pem('cert', tls?.cert, folder)),
    ...(await pem('key', tls?.key, folder)),
  }
  if (mode === 'verify') {
    // The driver would compare the certificate of a server that is named by its address with "localhost".
    if (isIP(host) !== 0)
      throw new AppError(
        'CONNECTION_TLS',
        `The server is given by its address, ${host}, which its certificate cannot be checked against.`,
        {
          hint: 'Give the host by the name in its certificate, or choose the TLS mode "require" to skip the check.',
        },
      )
    return [{ rejectUnauthorized: true, verifyIdentity: true, ...files }]
  }
  const unchecked: TlsOptions = { rejectUnauthorized: false, verifyIdentity: false, ...files }
  if (mode === 'require') return [unchecked]
  // Nobody listens on the loopback: encrypting there only costs speed.
  return /^(localhost|127\.|::1$)/.test(host) ? [false, unchecked] : [unchecked, false]
}

/** A certificate or key as given: PEM text, or the path of a file that holds it. */
async function pem(
  field: 'ca' | 'cert' | 'key',
  given: string | undefined,
  folder: string,
): Promise<Record<string, string>> {
  if (given === undefined || given === '') return {}
  if (given.includes('-----BEGIN')) return { [field]: given }
  const path = resolve(folder, given)
  try {
    return { [field]: await readFile(path, 'utf8') }
  } catch (cause) {
    throw new AppError('CONNECTION_TLS', `The TLS file ${path} cannot be read.`, {
      hint: `Check the path given as tls.${field}.`,
      cause,
    })
  }
}
