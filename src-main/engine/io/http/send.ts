import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../../../../shared/errors.ts'
import type { HttpConfig } from '../../../../shared/nodes/http.ts'
import type { LogLevel } from '../../../../shared/run.ts'
import { stopReason, throwIfStopped } from '../stop.ts'
import { exchange, type Reply } from './exchange.ts'
import { networkError, statusError, timeoutError } from './failures.ts'
import type { Request } from './request.ts'
import { retryAfterMs, waitMs } from './retry.ts'
import type { Secrets } from './secrets.ts'

export interface Answer {
  status: number
  text: string
  headers: Headers
  /** Where the answer came from, redirects followed; without secrets. */
  url: URL
}

export interface Sending {
  config: HttpConfig
  secrets: Secrets
  /** Secrets are sent to this origin only. */
  origin: string
  signal: AbortSignal
  log(level: LogLevel, message: string): void
}

/**
 * Sends a request until it is answered, at most `tries` times, and takes the answer whole.
 * @throws AppError HTTP_STATUS, HTTP_NETWORK, HTTP_TIMEOUT, LIMIT_SIZE, RUN_CANCELLED
 */
export async function send(request: Request, sending: Sending): Promise<Answer> {
  const { config, secrets, signal, log } = sending
  for (let attempt = 1; ; attempt++) {
    throwIfStopped(signal)
    try {
      return await once(request, sending)
    } catch (error) {
      if (signal.aborted) throw stopReason(signal)
      if (!(error instanceof AppError) || !error.retryable || attempt >= config.tries) throw error
      const asked =
        error.cause instanceof Headers ? retryAfterMs(error.cause.get('retry-after'), Date.now()) : undefined
      const wait = waitMs(attempt, asked, config.maxWaitSeconds * 1000, Math.random())
      if (wait === undefined) {
        throw new AppError(error.code, error.message, {
          hint: `The server asks to wait ${Math.ceil((asked ?? 0) / 1000)} s; raise "maxWaitSeconds" to wait so long.`,
          retryable: true,
        })
      }
      log(
        'warn',
        `${secrets.mask(error.message)} Trying again in ${(wait / 1000).toFixed(1)} s (${attempt + 1} of ${config.tries}).`,
      )
      await sleep(wait, undefined, { signal }).catch(() => throwIfStopped(signal))
    }
  }
}

async function once(request: Request, sending: Sending): Promise<Answer> {
  const { config, secrets, signal } = sending
  const timeout = AbortSignal.timeout(config.timeoutSeconds * 1000)
  const shown = secrets.shownUrl(request.url)
  try {
    const { reply, url } = await follow(request, sending, AbortSignal.any([signal, timeout]))
    const text = await readText(reply, config.maxMegabytes, shown)
    if (!isOk(reply)) throw statusError(reply, secrets.mask(text), shown)
    return { status: reply.status, text, headers: reply.headers, url }
  } catch (error) {
    if (signal.aborted) throw stopReason(signal)
    if (timeout.aborted) throw timeoutError(shown, config.timeoutSeconds)
    if (error instanceof AppError) throw error
    throw networkError(error, shown, secrets)
  }
}

const isOk = ({ status }: Reply) => status >= 200 && status < 300

const mostRedirects = 10
/** Headers that tell who asks, also where they were written in clear; other hosts do not get them. */
const personal = ['authorization', 'cookie', 'proxy-authorization']

/** Follows redirects; secrets do not go along to other hosts. */
async function follow(
  request: Request,
  { secrets, origin }: Sending,
  signal: AbortSignal,
): Promise<{ reply: Reply; url: URL }> {
  let { method, body, url }: { method: string; body: string | undefined; url: URL } = request
  let headers = { ...request.headers }
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const home = url.origin === origin
    const target = new URL(url)
    if (home) for (const [name, value] of Object.entries(secrets.query)) target.searchParams.set(name, value)
    const sent = home ? { ...headers, ...secrets.headers } : without(headers, personal)
    const reply = await exchange(target, { method, headers: sent, body, signal })
    const location = reply.headers.get('location')
    if (location === null || ![301, 302, 303, 307, 308].includes(reply.status)) return { reply, url }
    reply.discard()
    const next = URL.parse(location, url.href)
    if (next === null || (next.protocol !== 'http:' && next.protocol !== 'https:')) {
      throw new AppError(
        'HTTP_STATUS',
        `${secrets.shownUrl(request.url)} redirects to something that is not an address.`,
      )
    }
    if (reply.status === 303 || (reply.status < 303 && method === 'POST')) {
      method = 'GET'
      body = undefined
      headers = without(headers, ['content-type'])
    }
    url = next
  }
  throw new AppError('HTTP_STATUS', `${secrets.shownUrl(request.url)} redirects more than ${mostRedirects} times.`)
}

const without = (headers: Record<string, string>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

async function readText(reply: Reply, megabytes: number, shown: string): Promise<string> {
  const limit = megabytes * 1024 * 1024
  const decode = decoderOf(reply, shown)
  let length = 0
  let text = ''
  for await (const chunk of reply.body) {
    length += chunk.length
    if (length > limit) {
      throw new AppError('LIMIT_SIZE', `The answer of ${shown} is larger than ${megabytes} MiB.`, {
        hint: 'Ask for smaller pages, or raise "maxMegabytes".',
        at: { field: 'maxMegabytes' },
      })
    }
    text += decode(chunk)
  }
  return text + decode()
}

/**
 * Reads bytes as the text that the server says they are, UTF-8 where it does not say. What is no such text is refused, but in the words of an error,
 * which are only shown.
 */
function decoderOf(reply: Reply, shown: string): (chunk?: Uint8Array) => string {
  const charset = /;\s*charset="?([^";\s]+)/i.exec(reply.headers.get('content-type') ?? '')?.[1] ?? 'utf-8'
  const unreadable = (what: string, cause: unknown) =>
    new AppError('HTTP_BODY', `The answer of ${shown} ${what}.`, {
      hint: 'Ask the service for UTF-8, or save the answer and read it with a file node and its "encoding".',
      cause,
    })
  const decoder = attempt(
    () => new TextDecoder(charset, { fatal: isOk(reply) }),
    (cause) => unreadable(`is in ${charset}, which cannot be read here`, cause),
  )
  return (chunk) =>
    attempt(
      () => (chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })),
      (cause) => unreadable(`is no text in ${charset}`, cause),
    )
}

function attempt<T>(work: () => T, error: (cause: unknown) => AppError): T {
  try {
    return work()
  } catch (cause) {
    throw error(cause)
  }
}
