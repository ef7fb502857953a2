import { followPath, isObject } from '../../../../shared/data/json-path.ts'
import { AppError } from '../../../../shared/errors.ts'
import type { HttpConfig } from '../../../../shared/nodes/http.ts'
import { parsePath } from '../../../../shared/sql/json-path.ts'
import type { NodeContext } from '../../node-context.ts'
import { isExactNumber, parseExactJson } from '../exact-json.ts'
import { linkNext } from './link.ts'
import { buildRequest, type PageValue, type Request } from './request.ts'
import { resolveSecrets } from './secrets.ts'
import { type Answer, type Sending, send } from './send.ts'

export interface Page {
  /** From 1. */
  number: number
  answer: Answer
  /** Where it came from, as messages show it. */
  shown: string
  records: unknown[]
}

/** What asks for the next page: another value, or another address. */
type Next = { value: unknown } | { url: URL } | undefined

/**
 * The pages of a service, asked for one by one as they are consumed.
 * @throws AppError HTTP_* and LIMIT_SIZE; HTTP_BODY for an answer that cannot be read or pages that go in circles
 */
export async function* readPages(context: NodeContext<HttpConfig>): AsyncGenerator<Page> {
  const { config, params, signal } = context
  const secrets = await resolveSecrets(config, context.secret)
  const first = buildRequest(config, params, pageValue(config, startOf(config)))
  const sending: Sending = { config, secrets, origin: first.url.origin, signal, log: context.log }
  const seen = new Set<string>([first.url.href])
  let request: Request = first
  let value: unknown = startOf(config)
  let before: string | undefined
  for (let number = 1; ; number++) {
    const answer = await send(request, sending)
    const shown = secrets.shownUrl(answer.url)
    const isRead = config.format !== 'csv' && !isNothing(answer, config)
    const body = isRead ? parseAnswer(answer, config, shown) : undefined
    const records = isRead ? recordsOf(body, config, shown) : []
    yield { number, answer, shown, records }
    const next = nextPage(config, { body, answer, records, value })
    if (next === undefined) return
    if (config.maxPages !== undefined && number >= config.maxPages) {
      context.log('warn', `Read ${number} ${number === 1 ? 'page' : 'pages'}, as "maxPages" says; there are more.`)
      return
    }
    if ('url' in next) {
      checkOrigin(next.url, sending.origin, config, secrets.shownUrl(next.url))
      unseen(seen, next.url.href, `The address of page ${number + 1} was read before`)
      request = { ...request, url: next.url }
      continue
    }
    if (config.pagination.type === 'cursor')
      unseen(seen, JSON.stringify(next.value), `The cursor of page ${number + 1} was used before`)
    else if (answer.text === before) throw circle(`Page ${number} is the same as the page before it`)
    before = answer.text
    value = next.value
    request = buildRequest(config, params, pageValue(config, value))
  }
}

function startOf({ pagination }: HttpConfig): unknown {
  return pagination.type === 'page' || pagination.type === 'offset' ? pagination.start : undefined
}

function pageValue({ pagination }: HttpConfig, value: unknown): PageValue | undefined {
  if (value === undefined || pagination.type === 'none' || pagination.type === 'link') return undefined
  return { name: pagination.parameter, in: pagination.in, value }
}

interface Read {
  body: unknown
  answer: Answer
  records: unknown[]
  value: unknown
}

function nextPage(config: HttpConfig, { body, answer, records, value }: Read): Next {
  const { pagination, more, pageSize } = config
  if (pagination.type === 'none') return undefined
  if (more !== undefined && !says(followPath(body, parsePath(more, 'more')))) return undefined
  if (pageSize !== undefined && config.format !== 'csv' && records.length < pageSize) return undefined
  switch (pagination.type) {
    case 'page':
      return records.length === 0 ? undefined : { value: Number(value) + 1 }
    case 'offset':
      return records.length === 0 ? undefined : { value: Number(value) + records.length }
    case 'cursor': {
      const cursor = followPath(body, parsePath(pagination.path, 'pagination'))
      return says(cursor) ? { value: cursor } : undefined
    }
    case 'link': {
      const address =
        pagination.path === undefined
          ? linkNext(answer.headers.get('link'))
          : followPath(body, parsePath(pagination.path, 'pagination'))
      if (typeof address !== 'string' || address === '') return undefined
      const url = URL.parse(address, answer.url.href)
      if (url === null) throw circle('The address of the next page is not an address')
      return { url }
    }
  }
}

function says(value: unknown): boolean {
  if (isExactNumber(value)) return Number(value.rawJSON) !== 0
  return value !== undefined && value !== null && value !== false && value !== '' && value !== 0
}

function unseen(seen: Set<string>, key: string, what: string): void {
  if (seen.has(key)) throw circle(what)
  seen.add(key)
}

function circle(what: string): AppError {
  return new AppError('HTTP_BODY', `${what}, so the pages would never end.`, {
    hint: 'Check "pagination": the server may not know the parameter.',
    at: { field: 'pagination' },
  })
}

function checkOrigin(url: URL, origin: string, { pagination }: HttpConfig, shown: string): void {
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  if (web && (url.origin === origin || (pagination.type === 'link' && pagination.otherOrigins))) return
  throw new AppError('HTTP_BODY', `The next page is on another host: ${shown}.`, {
    hint: 'Set "otherOrigins" in "pagination" to follow it; secrets are not sent there.',
    at: { field: 'pagination' },
  })
}

/** An answer without content: 204 says that there are no records, an empty one says so where that is set. */
const isNothing = ({ status, text }: Answer, { missingRecords }: HttpConfig) =>
  text.trim() === '' && (status === 204 || missingRecords === 'empty')

function parseAnswer({ text }: Answer, config: HttpConfig, shown: string): unknown {
  try {
    if (config.format === 'json') return parseExactJson(text)
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => parseExactJson(line))
  } catch (cause) {
    const excerpt =
      text.trim() === '' ? 'It is empty.' : text.trimStart().startsWith('<') ? 'It looks like a web page.' : ''
    throw new AppError(
      'HTTP_BODY',
      `The answer of ${shown} is not ${config.format === 'json' ? 'JSON' : 'NDJSON'}. ${excerpt}`.trim(),
      {
        hint: 'Check the address, and "format".',
        cause,
      },
    )
  }
}

/** The records of an answer: an array, or one object. */
function recordsOf(body: unknown, config: HttpConfig, shown: string): unknown[] {
  const found = followPath(body, parsePath(config.records, 'records'))
  if (Array.isArray(found)) return found
  if (found === undefined || found === null) {
    if (found === null || config.missingRecords === 'empty') return []
    throw new AppError('HTTP_BODY', `There is nothing at ${config.records} in the answer of ${shown}.`, {
      hint: isObject(body)
        ? `The answer has ${Object.keys(body).slice(0, 20).join(', ') || 'no fields'}. Where that means no records, set "missingRecords" to empty.`
        : 'The answer is not an object.',
      at: { field: 'records' },
    })
  }
  return [found]
}
