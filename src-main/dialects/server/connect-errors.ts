import { AppError, type ErrorCode } from '../../../shared/errors.ts'

/** Who tries to connect, and where, without secrets. */
export interface ConnectTarget {
  host: string
  port: number
  database: string | undefined
  user: string
}

/** One failed attempt to connect, and the errors it may be. */
export class Attempt {
  readonly target: ConnectTarget
  readonly where: string
  readonly cause: unknown
  private readonly sqlState: string | undefined

  /**
   * @param where the server as messages name it, without secrets
   * @param sqlState what the server itself gave as the reason, when it did
   */
  constructor(target: ConnectTarget, where: string, cause: unknown, sqlState: string | undefined) {
    this.target = target
    this.where = where
    this.cause = cause
    this.sqlState = sqlState
  }

  fail(code: ErrorCode, message: string, hint: string, retryable = false): AppError {
    const { cause, sqlState } = this
    return new AppError(code, message, { hint, retryable, cause, ...(sqlState === undefined ? {} : { sqlState }) })
  }

  noDatabase(): AppError {
    return this.fail(
      'CONNECTION_DATABASE',
      `There is no database "${this.target.database}" on ${this.where}.`,
      'Check the database name, or create it first.',
    )
  }

  userRefused(message: string): AppError {
    return this.fail(
      'CONNECTION_AUTH',
      `${this.where} refused user "${this.target.user}": ${message}.`,
      'Check the user and the password.',
    )
  }

  encryptedOnly(): AppError {
    return this.fail(
      'CONNECTION_TLS',
      `${this.where} accepts only encrypted connections.`,
      'Set the TLS mode to "require" or "verify".',
    )
  }

  /** What kept the server from being reached at all; undefined when it was. */
  unreached({ code, message }: Thrown): AppError | undefined {
    const { target, where } = this
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_FAIL')
      return this.fail(
        'CONNECTION_HOST',
        `No server is known under the name ${target.host}.`,
        'Check the host name and the network.',
        code !== 'ENOTFOUND',
      )
    if (code === 'ECONNREFUSED' || code === 'ENOENT' || code === 'EACCES')
      return this.fail(
        'CONNECTION_REFUSED',
        `Nothing answers at ${where}.`,
        'Check that the server is running and that host and port are right.',
        true,
      )
    if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
      return this.fail(
        'CONNECTION_HOST',
        `${where} cannot be reached over the network.`,
        'Check the network, VPN and firewall.',
        true,
      )
    if (code === 'ETIMEDOUT' || /timed? ?out/i.test(message))
      return this.fail(
        'CONNECTION_TIMEOUT',
        `${where} did not answer in time.`,
        'Check host, port and firewall; or the pool is exhausted.',
        true,
      )
    return undefined
  }

  neverEncrypts(): AppError {
    return this.fail(
      'CONNECTION_TLS',
      `${this.where} does not offer encrypted connections.`,
      'Set the TLS mode to "off" or "prefer", or turn TLS on at the server.',
    )
  }

  untrusted(message: string): AppError {
    return this.fail(
      'CONNECTION_TLS',
      `The encrypted connection to ${this.where} is not trusted: ${message}.`,
      'Give the right CA certificate, or choose the TLS mode "require" to skip the check.',
    )
  }

  /** @param server the kind of server that is spoken to */
  hungUp(server: string): AppError {
    return this.fail(
      'CONNECTION_LOST',
      `${this.where} closed the connection while it was being opened.`,
      `Check that a ${server} server listens there.`,
      true,
    )
  }
}

/** An error of the system or of a driver; the code is empty where it has none. */
export interface Thrown {
  code: string
  message: string
}

export function thrownOf(error: unknown): Thrown {
  if (!(error instanceof Error)) return { code: '', message: String(error) }
  return { code: 'code' in error ? String(error.code) : '', message: error.message }
}

/** Whether encryption itself failed, by the code of Node's TLS or of a driver. */
export const isTlsCode = (code: string): boolean =>
  /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_CRYPTO|HOSTNAME_MISMATCH|INVALID_CA|HANDSHAKE_SSL)/.test(
    code,
  )
