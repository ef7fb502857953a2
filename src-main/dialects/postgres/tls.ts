import { isIP } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import type { ConnectionConfig } from '../../../shared/connections.ts'
import type { Route } from '../dialect.ts'
import { type TlsFiles, tlsWays } from '../server/tls.ts'

/** Driver options for an encrypted connection. */
export interface Tls extends TlsFiles {
  rejectUnauthorized: boolean
  checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined
  servername?: string
}

/** See tlsWays. @throws AppError CONNECTION_TLS */
export function waysOf(config: ConnectionConfig, folder: string, route: Route | undefined): Promise<(Tls | false)[]> {
  const { host = 'localhost' } = config
  // Dialled under another name, the server is still asked for under its own.
  const name = route && isIP(host) === 0 ? { servername: host } : {}
  return tlsWays<Tls>(config, folder, {
    checked: (files) => ({
      rejectUnauthorized: true,
      checkServerIdentity: (_dialled, by) => checkServerIdentity(host, by),
      ...name,
      ...files,
    }),
    unchecked: (files) => ({ rejectUnauthorized: false, checkServerIdentity: () => undefined, ...name, ...files }),
  })
}
