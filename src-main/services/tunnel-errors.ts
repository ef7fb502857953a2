import type { TunnelConfig } from '../../shared/connections.ts'
import { AppError } from '../../shared/errors.ts'
import type { Route } from '../dialects/dialect.ts'

const place = ({ host, port = 22 }: TunnelConfig) => `${host}:${port}`

/** What is wrong with how we would log in; `field` of the tunnel. */
export const keyError = (field: string, message: string, hint: string) =>
  new AppError('CONNECTION_TUNNEL', message, { hint, at: { field: `tunnel.${field}` } })

/** Why the SSH server could not be reached, or did not let us in. */
export function sshError(error: Error & { level?: string }, config: TunnelConfig): AppError {
  const code = 'code' in error ? String(error.code) : ''
  const fail = (field: string, message: string, hint: string, retryable = false) =>
    new AppError('CONNECTION_TUNNEL', message, { hint, at: { field: `tunnel.${field}` }, retryable, cause: error })
  if (error.level === 'client-authentication')
    return fail(
      'user',
      `The SSH server ${place(config)} did not let ${config.user ? `user "${config.user}"` : 'us'} in.`,
      'Check the user, and the password or key, of the SSH tunnel.',
    )
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL')
    return fail(
      'host',
      `No SSH server is known under the name ${config.host}.`,
      'Check the host of the SSH tunnel and the network.',
      code !== 'ENOTFOUND',
    )
  if (code === 'ECONNREFUSED')
    return fail(
      'port',
      `No SSH server answers at ${place(config)}.`,
      'Check host and port of the SSH tunnel, and that the server runs.',
      true,
    )
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return fail(
      'host',
      `${place(config)} cannot be reached over the network.`,
      'Check the network, VPN and firewall.',
      true,
    )
  if (code === 'ETIMEDOUT' || error.level === 'client-timeout')
    return fail(
      'host',
      `The SSH server ${place(config)} did not answer in time.`,
      'Check host, port and firewall, and that an SSH server listens there.',
      true,
    )
  return fail(
    'host',
    `The SSH server ${place(config)} ended the talk: ${error.message}.`,
    'Check that an SSH server listens there.',
    true,
  )
}

/** The SSH server let us in and could not go on to the database. */
export function targetError(error: unknown, config: TunnelConfig, target: Route): AppError {
  const said = error instanceof Error ? error.message : String(error)
  const refused = /prohibited/i.test(said)
  return new AppError(
    'CONNECTION_TUNNEL',
    refused
      ? `The SSH server ${place(config)} does not allow connections to ${target.host}:${target.port}.`
      : `Nothing answers at ${target.host}:${target.port}, as seen from the SSH server ${place(config)}.`,
    {
      hint: refused
        ? 'Ask its administrator to allow port forwarding (AllowTcpForwarding, PermitOpen).'
        : 'Give host and port of the database as the SSH server knows them; "localhost" means that server itself.',
      at: { field: 'host' },
      retryable: !refused,
      cause: error,
    },
  )
}
