import { AppError } from '../../../../shared/errors.ts'
import type { Reply } from './exchange.ts'
import type { Secrets } from './secrets.ts'

const advice: Record<number, string> = {
  401: 'The server does not know who asks. Check the secret and its prefix in "headers".',
  403: 'The server knows who asks and refuses. Check the rights of the token.',
  404: 'Check the address.',
  413: 'Ask for smaller pages.',
  429: 'The server is asked too often. Run less often, or raise "tries".',
}

/** A status that is no success. 408, 429 and 5xx may pass; its headers are kept as the cause, for Retry-After. */
export function statusError(reply: Reply, body: string, shown: string): AppError {
  const excerpt = body.replace(/\s+/g, ' ').trim().slice(0, 200)
  const said = excerpt === '' || excerpt.startsWith('<') ? '' : ` It says: ${excerpt}`
  const { status, statusText, headers } = reply
  const hint = advice[status]
  return new AppError('HTTP_STATUS', `${shown} answered ${status} ${statusText}.${said}`.replace(' .', '.'), {
    retryable: status === 408 || status === 429 || status >= 500,
    cause: headers,
    ...(hint === undefined ? {} : { hint }),
  })
}

export function timeoutError(shown: string, seconds: number): AppError {
  return new AppError('HTTP_TIMEOUT', `${shown} did not answer within ${seconds} s.`, {
    hint: 'Raise "timeoutSeconds", or ask for smaller pages.',
    retryable: true,
  })
}

/** What a request or its answer broke off with. A certificate or a protocol that is wrong now will be wrong at the next try. */
export function networkError(thrown: unknown, shown: string, secrets: Secrets): AppError {
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''
  const lasting = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO|ERR_INVALID/.test(code)
  return new AppError('HTTP_NETWORK', secrets.mask(`${shown}: ${reasonOf(code, thrown)}.`), {
    retryable: !lasting,
    hint: lasting
      ? 'The certificate of the server is not trusted here. Add its authority with NODE_EXTRA_CA_CERTS.'
      : 'Check the address and the network.',
  })
}

function reasonOf(code: string, thrown: unknown): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'there is no host of that name'
  if (code === 'ECONNREFUSED') return 'nothing answers at that port'
  if (code === 'ECONNRESET' || code === 'Z_BUF_ERROR') return 'the connection was cut'
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return code === '' ? text : `${text} (${code})`
}
