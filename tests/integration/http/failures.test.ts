import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { json, serve } from '../../helpers/http-server.ts'
import { HttpBench, id, ids } from './http-bench.ts'

const at = new HttpBench()

describe('failures', () => {
  test('429 and 5xx are tried again, and the log says so', async () => {
    await using server = await serve((_request, response, count) => {
      if (count === 1) return response.writeHead(429, { 'retry-after': '0' }).end()
      if (count === 2) return response.writeHead(503).end('<html>')
      json(response, [{ id: 1 }])
    })
    expect(ids(await at.read({ url: server.origin, columns: id }))).toEqual([1])
    expect(at.logs.map(({ message }) => message)).toEqual([
      expect.stringMatching(/answered 429 Too Many Requests\. Trying again in 0\.0 s \(2 of 4\)\.$/),
      expect.stringMatching(/answered 503 Service Unavailable\. Trying again/),
    ])
  })

  test('a wait longer than allowed is not cut short', async () => {
    await using server = await serve((_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    await expect(at.read({ url: server.origin, columns: id })).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      hint: 'The server asks to wait 3600 s; raise "maxWaitSeconds" to wait so long.',
    })
    expect(server.received).toHaveLength(1)
  })

  test('tries are counted, and other statuses are not tried again', async () => {
    await using server = await serve(({ url }, response) =>
      response.writeHead(Number(url.pathname.slice(1))).end('{"error":"no\\n such"}'),
    )
    await expect(at.read({ url: `${server.origin}/500`, tries: 3, columns: id })).rejects.toMatchObject({
      code: 'HTTP_STATUS',
      retryable: true,
    })
    expect(server.received).toHaveLength(3)
    const refused = await at.read({ url: `${server.origin}/404`, columns: id }).catch((error: unknown) => error)
    expect(refused).toMatchObject({ code: 'HTTP_STATUS', retryable: false, hint: 'Check the address.' })
    expect(String(refused)).toContain('answered 404 Not Found. It says: {"error":"no\\n such"}')
    expect(server.received).toHaveLength(4)
  })

  test('no answer in time', async () => {
    await using server = await serve((_request, response, count) => {
      if (count > 1) response.writeHead(200).write('[{"id":')
    })
    await expect(at.read({ url: server.origin, columns: id, timeoutSeconds: 0.2, tries: 2 })).rejects.toMatchObject({
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
    expect(ids(await at.read({ url: server.origin, columns: id }))).toEqual([1, 2])
    expect(server.received).toHaveLength(2)
  })

  test('an answer that ends when the server hangs up is taken whole, and one that was packed and cut is not', async () => {
    const all = Array.from({ length: 200_000 }, (_, index) => index)
    const packed = gzipSync(`id\n${all.map((index) => (index * 7919) % 1_000_003).join('\n')}\n`)
    await using server = await serve(({ url }, response) => {
      response.shouldKeepAlive = false
      response.useChunkedEncodingByDefault = false
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.write(url.pathname === '/cut' ? packed.subarray(0, packed.length / 2) : packed)
      response.end()
    })
    const config = { url: server.origin, format: 'csv', columns: id, tries: 1 }
    expect(await at.read(config)).toHaveLength(all.length)
    await expect(at.read({ ...config, url: `${server.origin}/cut` })).rejects.toMatchObject({
      code: 'HTTP_NETWORK',
      retryable: true,
      message: expect.stringContaining('the connection was cut'),
    })
  })

  test('nobody there', async () => {
    const server = await serve(() => undefined)
    await server[Symbol.asyncDispose]()
    await expect(at.read({ url: server.origin, columns: id, tries: 2 })).rejects.toMatchObject({
      code: 'HTTP_NETWORK',
      retryable: true,
    })
  })

  test('CSV that cannot be read names its address, and no file', async () => {
    await using server = await serve(({ url }, response) => {
      const ragged = url.pathname === '/ragged'
      response.writeHead(200, { 'content-type': 'text/csv' }).end(ragged ? 'a,b\n1,2\n1,2,3\n' : 'id\n1\nx\n')
    })
    const csv = { format: 'csv', tries: 1 }
    const wrong = at.read({ ...csv, url: `${server.origin}/words`, columns: id })
    await expect(wrong).rejects.toMatchObject({
      code: 'HTTP_BODY',
      message: `${server.origin}/words, line 3: Column id holds "x", which is no int64.`,
      hint: expect.stringContaining('"columns"'),
      at: { field: 'columns' },
    })
    await expect(at.read({ ...csv, url: `${server.origin}/ragged` })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      message: expect.stringContaining(`${server.origin}/ragged, line `),
    })
  })

  test('an answer that is no JSON, or has no records', async () => {
    await using server = await serve(({ url }, response) =>
      json(response, url.pathname === '/page' ? '<html>' : '{"a":[1,]}'),
    )
    await expect(at.read({ url: `${server.origin}/page`, columns: id })).rejects.toThrow('It looks like a web page.')
    await expect(at.read({ url: server.origin, columns: id })).rejects.toMatchObject({ code: 'HTTP_BODY' })
    await using empty = await serve((_request, response) => json(response, { status: 'ok', items: null }))
    await expect(at.read({ url: empty.origin, records: 'data', columns: id })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      at: { field: 'records' },
      hint: expect.stringContaining('status, items'),
    })
    expect(await at.read({ url: empty.origin, records: 'data', missingRecords: 'empty', columns: id })).toEqual([])
    expect(await at.read({ url: empty.origin, records: 'items', columns: id })).toEqual([])
  })

  test('an answer larger than allowed, also when it is packed', async () => {
    const packed = gzipSync(`[${' '.repeat(3_000_000)}]`)
    await using server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    await expect(at.read({ url: server.origin, maxMegabytes: 1, columns: id })).rejects.toMatchObject({
      code: 'LIMIT_SIZE',
    })
    expect(await at.read({ url: server.origin, columns: id })).toEqual([])
  })

  test('stop ends a request under way and a wait between tries', async () => {
    await using server = await serve(() => at.controller.abort())
    await expect(at.read({ url: server.origin, columns: id })).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
    const other = new AbortController()
    await using busy = await serve((_request, response) => response.writeHead(429, { 'retry-after': '60' }).end())
    const more = { signal: other.signal, log: () => other.abort() }
    await expect(at.read({ url: busy.origin, columns: id, maxWaitSeconds: 60 }, more)).rejects.toMatchObject({
      code: 'RUN_CANCELLED',
    })
  })
})
