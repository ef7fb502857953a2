import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { pipeline, type Transform } from 'node:stream'
import { urlToHttpOptions } from 'node:url'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

export interface Reply {
  status: number
  statusText: string
  headers: Headers
  /** Unpacked; it throws where the answer was cut off. */
  body: AsyncIterable<Uint8Array>
  /** Leaves the body unread. */
  discard(): void
}

interface Exchange {
  method: string
  headers: Record<string, string>
  body: string | undefined
  signal: AbortSignal
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/**
 * One request and the start of its answer. `fetch` is not asked: it takes packed answers that were cut off for whole ones, and a server
 * that ends its answers by hanging up can bring the process down with it.
 * @throws the error of the network or of the signal
 */
export function exchange(url: URL, { method, headers, body, signal }: Exchange): Promise<Reply> {
  const options = {
    ...urlToHttpOptions(url),
    auth: undefined,
    method,
    headers: { 'accept-encoding': 'gzip, br', ...headers },
    signal,
  }
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? secureRequest : plainRequest)(options, (message) =>
      resolve(replyOf(message)),
    )
    request.on('error', reject)
    request.end(body)
  })
}

function replyOf(message: IncomingMessage): Reply {
  const headers = new Headers()
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return {
    status: message.statusCode ?? 0,
    statusText: message.statusMessage ?? '',
    headers,
    body: unpacked(message, headers.get('content-encoding') ?? ''),
    discard: () => message.destroy(),
  }
}

async function* unpacked(message: IncomingMessage, encoding: string): AsyncGenerator<Uint8Array> {
  const names = encoding.toLowerCase().split(',')
  const unpackers = names.flatMap((name) => decoders[name.trim()]?.() ?? []).reverse()
  const chunks: AsyncIterator<Uint8Array> = message[Symbol.asyncIterator]()
  const first = await chunks.next()
  // An answer without content may be said to be packed; there is nothing to unpack then.
  if (first.done) return
  async function* all() {
    yield first.value
    yield* { [Symbol.asyncIterator]: () => chunks }
  }
  let bytes: AsyncIterable<Uint8Array> = all()
  // A step that fails ends the others, and tells it to who reads the last one.
  for (const step of unpackers) bytes = pipeline(bytes, step, () => {})
  yield* bytes
}
