import { AppError } from '../../../../shared/errors.ts'
import type { HttpConfig } from '../../../../shared/nodes/http.ts'
import { parsePath } from '../../../../shared/sql/json-path.ts'
import { fillTemplate, soleName } from '../../../../shared/template.ts'
import { isExactNumber } from '../exact-json.ts'
import { type Parameters, parameter, parameterText } from '../parameters.ts'
import { fillBody, withValue } from './body.ts'

/** A request before its secrets are joined in. */
export interface Request {
  method: HttpConfig['method']
  url: URL
  headers: Record<string, string>
  body: string | undefined
}

/** What changes from page to page. */
export interface PageValue {
  name: string
  in: 'query' | 'body'
  value: unknown
}

/**
 * The request for a page. Values are data: percent-encoded in the address, checked in headers, JSON in the body.
 * @throws AppError CONFIG_PARAMETER, CONFIG_INVALID with the field
 */
export function buildRequest(config: HttpConfig, params: Parameters, page?: PageValue): Request {
  const url = buildUrl(config, params)
  let body = config.body === undefined ? undefined : fillBody(config.body, params)
  if (page?.in === 'query') url.searchParams.set(page.name, queryText(page.value))
  else if (page !== undefined) body = withValue(body, parsePath(page.name, 'pagination'), page.value)
  if (body !== undefined && config.method === 'GET') {
    throw new AppError('CONFIG_INVALID', 'A GET request has no body.', {
      hint: 'Use POST, or send the values as query parameters.',
      at: { field: 'body' },
    })
  }
  return {
    method: config.method,
    url,
    headers: buildHeaders(config, params, body !== undefined),
    body: body === undefined ? undefined : JSON.stringify(body),
  }
}

/** A page's value in an address: every digit of a number as the server wrote it. @throws AppError HTTP_BODY */
function queryText(value: unknown): string {
  if (isExactNumber(value)) return value.rawJSON
  if (typeof value !== 'object') return String(value)
  throw new AppError(
    'HTTP_BODY',
    `What asks for the next page is ${JSON.stringify(value).slice(0, 60)}, no single value.`,
    {
      hint: 'Check "path" in "pagination"; where the service wants the whole of it, send it in the body.',
      at: { field: 'pagination' },
    },
  )
}

const accepts = { json: 'application/json', ndjson: 'application/x-ndjson', csv: 'text/csv' }

function buildHeaders(config: HttpConfig, params: Parameters, hasBody: boolean): Record<string, string> {
  const headers: Record<string, string> = {
    accept: `${accepts[config.format]}, */*;q=0.5`,
    'user-agent': 'sluice',
    ...(hasBody ? { 'content-type': 'application/json' } : {}),
  }
  for (const [name, value] of Object.entries(config.headers)) {
    const text = typeof value === 'string' ? fillTemplate(value, (used) => parameterText(params, used, 'headers')) : ''
    checkHeader(name, text)
    if (typeof value === 'string') headers[name.toLowerCase()] = text
  }
  return headers
}

/** @throws AppError CONFIG_INVALID when the name or the value would end the header */
export function checkHeader(name: string, value: string): void {
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value)) {
    throw new AppError(
      'CONFIG_INVALID',
      `The header ${JSON.stringify(name)} has characters that a header cannot hold.`,
      {
        at: { field: `headers.${name}` },
      },
    )
  }
}

function buildUrl(config: HttpConfig, params: Parameters): URL {
  const { base, rest } = splitBase(config.url, params)
  const filled = fillTemplate(rest, (name) => {
    const value = parameterText(params, name, 'url')
    if (value === '.' || value === '..') {
      throw new AppError(
        'CONFIG_PARAMETER',
        `The parameter ${name} is "${value}", which would lead to another address.`,
        {
          at: { field: 'url' },
        },
      )
    }
    return encodeURIComponent(value.toWellFormed())
  })
  const url = URL.parse(base + filled)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new AppError('CONFIG_INVALID', 'The address is not one of http or https.', {
      hint: 'Write it in full, e.g. https://api.example.com/orders.',
      at: { field: 'url' },
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw new AppError('CONFIG_INVALID', 'The address holds a user name or a password.', {
      hint: 'Send them in a header, by the name of a secret: { "Authorization": { "secret": "…", "prefix": "Basic " } }.',
      at: { field: 'url' },
    })
  }
  for (const [name, value] of Object.entries(config.query)) {
    if (typeof value === 'object' && 'secret' in value) continue
    for (const one of [value].flat()) {
      for (const text of queryTexts(one, params)) url.searchParams.append(name, text)
    }
  }
  return url
}

/** An address may begin with a parameter that holds the start of an address: it says where, so it is taken as it stands. */
function splitBase(url: string, params: Parameters): { base: string; rest: string } {
  const end = url.indexOf('}}') + 2
  const name = soleName(url.slice(0, end))
  if (name === undefined) return { base: '', rest: url }
  const base = parameterText(params, name, 'url')
  const rest = url.slice(end)
  return { base: rest.startsWith('/') ? base.replace(/\/+$/, '') : base, rest }
}

/** One text, none for NULL, or one for each element of a list. */
function queryTexts(value: string | number | boolean, params: Parameters): string[] {
  if (typeof value !== 'string') return [String(value)]
  const name = soleName(value)
  if (name === undefined) return [fillTemplate(value, (used) => parameterText(params, used, 'query'))]
  const bound = parameter(params, name, 'query')
  if (bound.value === null) return []
  if (!Array.isArray(bound.value)) return [parameterText(params, name, 'query')]
  return bound.value.flatMap((item) => (item === null ? [] : [String(item)]))
}
