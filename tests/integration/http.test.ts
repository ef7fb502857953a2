import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Row } from '../../shared/data/wire.ts'
import { http } from '../../shared/nodes/http.ts'
import { httpSource } from '../../src-main/engine/io/http.ts'
import { type Bench, bench, isStream, rowsOf } from '../helpers/engine-io.ts'
import { json, serve } from '../helpers/http-server.ts'

let at: Bench
beforeEach(async () => {
  at = await bench()
})
afterEach(async () => at[Symbol.asyncDispose]())

const id = [{ name: 'id', type: 'int64' }]
const ids = (rows: Row[]) => rows.map(([value]) => Number(value))
const token = 's3cret/tok en'
const withSecret = { secret: async () => token }

/** Rows of declared columns, or each value as DuckDB's text. */
async function read(config: Record<string, unknown>, more: object = {}): Promise<Row[]> {
  const context = at.context(http.config.parse({ maxWaitSeconds: 0, ...config }), more)
  const source = await httpSource.open(context)
  return isStream(source) ? rowsOf(source) : at.duck.text(source.select)
}

describe('pages', () => {
  const all = Array.from({ length: 7 }, (_, index) => ({ id: index + 1 }))

  test('by number, until one is empty', async () => {
    await using server = await serve(({ url }, response) => {
      const page = Number(url.searchParams.get('p'))
      json(response, { data: { items: all.slice((page - 1) * 3, page * 3) } })
    })
    const config = {
      url: `${server.origin}/x?fixed=1`,
      records: 'data.items',
      columns: id,
      pagination: { type: 'page', parameter: 'p' },
    }
    expect(ids(await read(config))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(server.received.map(({ url }) => url.search)).toEqual([
      '?fixed=1&p=1',
      '?fixed=1&p=2',
      '?fixed=1&p=3',
      '?fixed=1&p=4',
    ])
    server.received.length = 0
    expect(ids(await read({ ...config, pageSize: 3 }))).toHaveLength(7)
    expect(server.received).toHaveLength(3)
    expect(ids(await read({ ...config, maxPages: 2 }))).toEqual([1, 2, 3, 4, 5, 6])
    expect(at.logs).toEqual([{ level: 'warn', message: 'Read 2 pages, as "maxPages" says; there are more.' }])
  })

  test('by offset, in the body, until the server says so', async () => {
    await using server = await serve(({ body }, response) => {
      const { page } = JSON.parse(body)
      json(response, { rows: all.slice(page.skip, page.skip + 4), more: page.skip + 4 < all.length })
    })
    const pagination = { type: 'offset', parameter: 'page.skip', in: 'body' }
    const config = {
      method: 'POST',
      url: server.origin,
      body: { page: { take: 4 } },
      records: 'rows',
      more: 'more',
      columns: id,
      pagination,
    }
    expect(ids(await read(config))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(server.received.map(({ body }) => JSON.parse(body))).toEqual([
      { page: { take: 4, skip: 0 } },
      { page: { take: 4, skip: 4 } },
    ])
  })

  test('by cursor, and a cursor that comes back', async () => {
    await using server = await serve(({ url }, response) => {
      const after = url.searchParams.get('after')
      if (url.pathname === '/circle') return json(response, { items: [{ id: 1 }], next: after === 'a' ? 'b' : 'a' })
      json(response, after === null ? { items: all.slice(0, 4), next: 'x&y=' } : { items: all.slice(4), next: null })
    })
    const config = {
      url: server.origin,
      records: 'items',
      columns: id,
      pagination: { type: 'cursor', parameter: 'after', path: 'next' },
    }
    expect(ids(await read(config))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(server.received[1]?.url.searchParams.get('after')).toBe('x&y=')
    await expect(read({ ...config, url: `${server.origin}/circle` })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      at: { field: 'pagination' },
    })
  })

  test('by the Link header', async () => {
    await using server = await serve(({ url }, response) => {
      const page = Number(url.searchParams.get('page') ?? 1)
      json(
        response,
        all.slice((page - 1) * 4, page * 4),
        page === 1 ? { link: '<?page=9>; rel="last", <?page=2>; title="a,b"; rel="next"' } : {},
      )
    })
    expect(ids(await read({ url: `${server.origin}/list`, columns: id, pagination: { type: 'link' } }))).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ])
    expect(server.received[1]?.url.pathname).toBe('/list')
  })

  test('by an address in the answer; another host is refused, or gets no secret', async () => {
    await using other = await serve((_request, response) => json(response, { items: [{ id: 2 }] }))
    await using server = await serve((_request, response) =>
      json(response, { items: [{ id: 1 }], next: `${other.origin}/next` }),
    )
    const headers = { authorization: { secret: 'token', prefix: 'Bearer ' }, cookie: 'a=b', 'x-plain': 'yes' }
    const config = {
      url: server.origin,
      headers,
      records: 'items',
      columns: id,
      pagination: { type: 'link', path: 'next' },
    }
    await expect(read(config, withSecret)).rejects.toMatchObject({ code: 'HTTP_BODY', at: { field: 'pagination' } })
    expect(other.received).toHaveLength(0)
    const followed = { ...config, pagination: { type: 'link', path: 'next', otherOrigins: true } }
    expect(ids(await read(followed, withSecret))).toEqual([1, 2])
    expect(server.received[0]?.headers).toMatchObject({ authorization: `Bearer ${token}`, cookie: 'a=b' })
    expect(other.received[0]?.headers).toMatchObject({ 'x-plain': 'yes' })
    expect(other.received[0]?.headers).not.toHaveProperty('authorization')
    expect(other.received[0]?.headers).not.toHaveProperty('cookie')
  })

  test('a server that ignores the page number does not run forever', async () => {
    await using server = await serve((_request, response) => json(response, all))
    await expect(read({ url: server.origin, columns: id, pagination: { type: 'page' } })).rejects.toMatchObject({
      code: 'HTTP_BODY',
    })
    expect(server.received).toHaveLength(2)
  })
})

describe('failures', () => {
  test('429 and 5xx are tried again, and the log says so', async () => {
    await using server = await serve((_request, response, count) => {
      if (count === 1) return response.writeHead(429, { 'retry-after': '0' }).end()
      if (count === 2) return response.writeHead(503).end('<html>')
      json(response, [{ id: 1 }])
    })
    expect(ids(await read({ url: server.origin, columns: id }))).toEqual([1])
    expect(at.logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(/answered 429 Too Many Requests\. Trying again in 0\.0 s \(2 of 4\)\.$/),
      expect.stringMatching(/answered 503 Service Unavailable\. Trying again/),
    ])
  })

  test('a wait longer than allowed is not cut short', async () => {
    await using server = await serve((_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    await expect(read({ url: server.origin, columns: id })).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      hint: 'The server asks to wait 3600 s; raise "maxWaitSeconds" to wait so long.',
    })
    expect(server.received).toHaveLength(1)
  })

  test('tries are counted, and other statuses are not tried again', async () => {
    await using server = await serve(({ url }, response) =>
      response.writeHead(Number(url.pathname.slice(1))).end('{"error":"no\\n such"}'),
    )
    await expect(read({ url: `${server.origin}/500`, tries: 3, columns: id })).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      retryable: true,
    })
    expect(server.received).toHaveLength(3)
    const refused = await read({ url: `${server.origin}/404`, columns: id }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'HTTP_STATUS', retryable: false, hint: 'Check the address.' })
    expect(String(refused)).toContain('answered 404 Not Found. It says: {"error":"no\\n such"}')
    expect(server.received).toHaveLength(4)
  })

  test('no answer in time', async () => {
    await using server = await serve((_request, response, count) => {
      if (count > 1) response.writeHead(200).write('[{"id":')
    })
    await expect(read({ url: server.origin, columns: id, timeoutSeconds: 0.2, tries: 2 })).rejects.toMatchObject({
      code: 'HTTP_TIMEOUT',
    })
    expect(server.received).toHaveLength(2)
  })

  test('an answer cut short is tried again, and never half taken', async () => {
    await using server = await serve((_request, response, count) => {
      if (count > 1) return json(response, [{ id: 1 }, { id: 2 }])
      response.writeHead(200, { 'content-length': '1000' })
      response.write('[{"id":1},{"id"', () => response.destroy())
    })
    expect(ids(await read({ url: server.origin, columns: id }))).toEqual([1, 2])
    expect(server.received).toHaveLength(2)
  })

  test('nobody there', async () => {
    const server = await serve(() => undefined)
    await server[Symbol.asyncDispose]()
    await expect(read({ url: server.origin, columns: id, tries: 2 })).rejects.toMatchObject({
      code: 'HTTP_NETWORK',
      retryable: true,
    })
  })

  test('an answer that is no JSON, or has no records', async () => {
    await using server = await serve(({ url }, response) =>
      json(response, url.pathname === '/page' ? '<html>' : '{"a":[1,]}'),
    )
    await expect(read({ url: `${server.origin}/page`, columns: id })).rejects.toThrow('It looks like a web page.')
    await expect(read({ url: server.origin, columns: id })).rejects.toMatchObject({ code: 'HTTP_BODY' })
    await using empty = await serve((_request, response) => json(response, { status: 'ok', items: null }))
    await expect(read({ url: empty.origin, records: 'data', columns: id })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      at: { field: 'records' },
      hint: expect.stringContaining('status, items'),
    })
    expect(await read({ url: empty.origin, records: 'data', missingRecords: 'empty', columns: id })).toEqual([])
    expect(await read({ url: empty.origin, records: 'items', columns: id })).toEqual([])
  })

  test('an answer larger than allowed, also when it is packed', async () => {
    const packed = gzipSync(`[${' '.repeat(3_000_000)}]`)
    await using server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    await expect(read({ url: server.origin, maxMegabytes: 1, columns: id })).rejects.toMatchObject({
      code: 'LIMIT_SIZE',
    })
    expect(await read({ url: server.origin, columns: id })).toEqual([])
  })

  test('stop ends a request under way and a wait between tries', async () => {
    await using server = await serve(() => at.controller.abort())
    await expect(read({ url: server.origin, columns: id })).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    const other = new AbortController()
    await using busy = await serve((_request, response) => response.writeHead(429, { 'retry-after': '60' }).end())
    const more = { signal: other.signal, log: () => other.abort() }
    await expect(read({ url: busy.origin, columns: id, maxWaitSeconds: 60 }, more)).rejects.toMatchObject({
      code: 'RUN_CANCELLED',
    })
  })
})

describe('secrets', () => {
  const headers = { authorization: { secret: 'token', prefix: 'Bearer ' } }

  test('are not sent to where a redirect leads, but stay on the same host', async () => {
    await using other = await serve((_request, response) => json(response, [{ id: 2 }]))
    await using server = await serve(({ url }, response) => {
      if (url.pathname === '/away') return response.writeHead(302, { location: `${other.origin}/landed` }).end()
      if (url.pathname === '/near') return response.writeHead(307, { location: '/here' }).end()
      json(response, [{ id: 1 }])
    })
    const query = { key: { secret: 'token' } }
    expect(ids(await read({ url: `${server.origin}/away`, headers, query, columns: id }, withSecret))).toEqual([2])
    expect(other.received[0]?.headers).not.toHaveProperty('authorization')
    expect(other.received[0]?.url.search).toBe('')
    expect(ids(await read({ url: `${server.origin}/near`, headers, query, columns: id }, withSecret))).toEqual([1])
    expect(server.received.at(-1)?.headers.authorization).toBe(`Bearer ${token}`)
    expect(server.received.at(-1)?.url.searchParams.get('key')).toBe(token)
  })

  test('a redirect that goes in circles ends', async () => {
    await using server = await serve((_request, response) => response.writeHead(302, { location: '/' }).end())
    await expect(read({ url: server.origin, columns: id })).rejects.toMatchObject({ code: 'HTTP_STATUS' })
    expect(server.received).toHaveLength(11)
  })

  test('are in no error and no log, even when the server repeats them', async () => {
    await using server = await serve(({ url, headers: sent }, response) =>
      response.writeHead(500).end(`you sent ${sent.authorization} and ${url.search}`),
    )
    const config = { url: server.origin, headers, query: { key: { secret: 'token' } }, columns: id, tries: 2 }
    const error = await read(config, withSecret).catch((thrown: unknown) => thrown)
    const seen = JSON.stringify([error, String(error), at.logs])
    expect(seen).toContain('you sent Bearer ***')
    for (const form of [token, encodeURIComponent(token), 's3cret']) expect(seen).not.toContain(form)
  })
})

describe('parameters are data', () => {
  const params = {
    name: { type: { kind: 'text' as const }, value: 'a/b?c=1&d#"}, "admin": true, {{big}} ../' },
    big: { type: { kind: 'int64' as const }, value: 9223372036854775807n },
    price: { type: { kind: 'decimal' as const, precision: 38, scale: 10 }, value: '12345678901234567890.1234567891' },
    none: { type: { kind: 'text' as const }, value: null },
    list: { type: { kind: 'list' as const, of: { kind: 'text' as const } }, value: ['x', 'y&z'] },
    line: { type: { kind: 'text' as const }, value: 'a\r\nx-evil: 1' },
    dots: { type: { kind: 'text' as const }, value: '..' },
  }

  test('in the address, the query, the headers and the body', async () => {
    await using server = await serve((_request, response) => json(response, []))
    await read(
      {
        method: 'POST',
        url: `${server.origin}/users/{{name}}/x?in={{name}}`,
        query: { q: 'is {{name}}', n: '{{none}}', l: '{{list}}', literal: '\\{{name}}', flag: true },
        headers: { 'x-since': '{{big}}' },
        body: {
          text: 'is {{name}}',
          whole: '{{name}}',
          big: '{{big}}',
          price: ['{{price}}'],
          none: '{{none}}',
          list: '{{list}}',
        },
        columns: id,
      },
      { params },
    )
    const [request] = server.received
    expect(decodeURIComponent(request?.url.pathname.split('/')[2] ?? '')).toBe(params.name.value)
    expect(request?.url.pathname.split('/')).toHaveLength(4)
    expect([...(request?.url.searchParams ?? [])]).toEqual([
      ['in', params.name.value],
      ['q', `is ${params.name.value}`],
      ['l', 'x'],
      ['l', 'y&z'],
      ['literal', '{{name}}'],
      ['flag', 'true'],
    ])
    expect(request?.headers['x-since']).toBe('9223372036854775807')
    expect(request?.body).toContain('"big":9223372036854775807,"price":[12345678901234567890.1234567891],"none":null')
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      text: `is ${params.name.value}`,
      whole: params.name.value,
      list: ['x', 'y&z'],
    })
    expect(Object.keys(JSON.parse(request?.body ?? ''))).not.toContain('admin')
  })

  test('nor do they end a header, climb a path, or go unnoticed when misspelt', async () => {
    await using server = await serve((_request, response) => json(response, []))
    const base = { url: server.origin, columns: id }
    await expect(read({ ...base, headers: { a: '{{line}}' } }, { params })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    await expect(read({ ...base, url: `${server.origin}/a/{{dots}}/b` }, { params })).rejects.toMatchObject({
      code: 'CONFIG_PARAMETER',
    })
    const context = at.context(http.config.parse({ ...base, query: { q: '{{nam}}' } }), { params })
    await expect(httpSource.columns(context)).rejects.toMatchObject({
      code: 'CONFIG_PARAMETER',
      at: { field: 'query' },
    })
    expect(server.received).toHaveLength(0)
  })

  test('an address with a password in it is refused', async () => {
    await expect(read({ url: 'http://user:hunter2@127.0.0.1/', columns: id })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.not.stringContaining('hunter2'),
    })
  })
})

describe('values', () => {
  test('of declared columns are exact, nested ones found by path', async () => {
    const body = `[{"id":9223372036854775807,"price":12345678901234567890.1234567890,"at":"2024-01-01T00:00:00+02:00",
      "user":{"name":"Zoë","tags":["a"]},"raw":{"n":1.10,"e":1e400},"odd.key":true,"text":5},{"id":null}]`
    await using server = await serve((_request, response) => json(response, body))
    const columns = [
      { name: 'id', type: 'int64' },
      { name: 'price', type: 'decimal(38,10)' },
      { name: 'at', type: 'timestamptz' },
      { name: 'who', type: 'text', path: 'user.name' },
      { name: 'tag', type: 'text', path: 'user.tags[0]' },
      { name: 'raw', type: 'json' },
      { name: 'odd.key', type: 'boolean' },
      { name: 'text', type: 'text' },
    ]
    expect(await read({ url: server.origin, columns })).toEqual([
      [
        9223372036854775807n,
        '12345678901234567890.1234567890',
        '2023-12-31 22:00:00+00',
        'Zoë',
        'a',
        '{"n":1.10,"e":1e400}',
        true,
        '5',
      ],
      [null, null, null, null, null, null, null, null],
    ])
  })

  test('that do not fit their column are named', async () => {
    await using server = await serve((_request, response) => json(response, [{ id: 1 }, { id: 1.5 }]))
    await expect(read({ url: server.origin, columns: id })).rejects.toMatchObject({
      code: 'DATA_TYPE',
      message: 'Column id, page 1, record 2: 1.5 is not a value of type int64.',
    })
  })

  test('without declared columns types are found', async () => {
    await using server = await serve((_request, response) =>
      json(response, '[{"id":9007199254740993,"at":"2024-01-01T08:00:00+02:00"},{"id":2,"x":[1]}]'),
    )
    expect(await read({ url: server.origin })).toEqual([
      ['9007199254740993', '2024-01-01 06:00:00+00', null],
      ['2', null, '[1]'],
    ])
    await using plain = await serve((_request, response) => json(response, '[1,2]'))
    expect(await read({ url: plain.origin })).toEqual([['1'], ['2']])
  })

  test('in NDJSON and CSV', async () => {
    await using server = await serve(({ url }, response) => {
      if (url.pathname === '/nd') return response.end('{"id":1}\n\n{"id":2}')
      const more = url.search === '' ? { link: '<?2>; rel=next' } : undefined
      response.writeHead(200, more).end(url.search === '' ? 'id,name\n1,"a,b"\n' : 'name,id\nc,2\n')
    })
    expect(ids(await read({ url: `${server.origin}/nd`, format: 'ndjson', columns: id }))).toEqual([1, 2])
    const csv = { url: `${server.origin}/csv`, format: 'csv', pagination: { type: 'link' } }
    expect(await read(csv)).toEqual([
      ['1', 'a,b'],
      ['2', 'c'],
    ])
    expect(await read({ ...csv, columns: [{ name: 'name', type: 'text' }] })).toEqual([['a,b'], ['c']])
  })
})
