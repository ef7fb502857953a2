import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'

/** Certificates and key as PEM text, as far as they are given. */
export interface TlsFiles {
  ca?: string
  cert?: string
  key?: string
}

/** How a driver is told to encrypt. */
export interface TlsOptions<Tls> {
  /** Encrypted, the server's certificate checked. */
  checked(files: TlsFiles): Tls
  /** Encrypted only. */
  unchecked(files: TlsFiles): Tls
}

/**
 * The ways of connecting that the TLS mode allows, in the order to try them; false is without encryption.
 * @throws AppError CONNECTION_TLS when a file cannot be read
 */
export async function tlsWays<Tls>(
  { host = 'localhost', tls }: ConnectionConfig,
  folder: string,
  options: TlsOptions<Tls>,
): Promise<(Tls | false)[]> {
  const mode = tls?.mode ?? 'prefer'
  if (mode === 'off' || host.startsWith('/')) return [false]
  const files: TlsFiles = {
    ...(await pem('ca', tls?.ca, folder)),
    ...(await pem('cert', tls?.cert, folder)),
    ...(await pem('key', tls?.key, folder)),
  }
  if (mode === 'verify') return [options.checked(files)]
  const unchecked = options.unchecked(files)
  if (mode === 'require') return [unchecked]
  // Nobody listens on the loopback: encrypting there only costs speed.
  return /^(localhost|127\.|::1$)/.test(host) ? [false, unchecked] : [unchecked, false]
}

/** A certificate or key as given: PEM text, or the path of a file that holds it. */
async function pem(field: keyof TlsFiles, given: string | undefined, folder: string): Promise<TlsFiles> {
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
