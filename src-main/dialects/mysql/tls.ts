import { isIP } from 'node:net'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import { AppError } from '../../../shared/errors.ts'
import { type TlsFiles, tlsWays } from '../server/tls.ts'

/** Driver options for an encrypted connection. */
export interface Tls extends TlsFiles {
  rejectUnauthorized: boolean
  verifyIdentity: boolean
}

/** See tlsWays. @throws AppError CONNECTION_TLS */
export function waysOf(config: ConnectionConfig, folder: string): Promise<(Tls | false)[]> {
  const { host = 'localhost' } = config
  return tlsWays<Tls>(config, folder, {
    checked: (files) => {
      // The driver would compare the certificate of a server that is named by its address with "localhost".
      if (isIP(host) !== 0)
        throw new AppError(
          'CONNECTION_TLS',
          `The server is given by its address, ${host}, which its certificate cannot be checked against.`,
          {
            hint: 'Give the host by the name in its certificate, or choose the TLS mode "require" to skip the check.',
          },
        )
      return { rejectUnauthorized: true, verifyIdentity: true, ...files }
    },
    unchecked: (files) => ({ rejectUnauthorized: false, verifyIdentity: false, ...files }),
  })
}
