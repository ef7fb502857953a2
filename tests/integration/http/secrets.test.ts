import { describe, expect, test } from 'vitest'
import { json, serve } from '../../helpers/http-server.ts'
import { HttpBench, id, ids, token, withSecret } from './http-bench.ts'

const at = new HttpBench()

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
    expect(ids(await at.read({ url: `${server.origin}/away`, headers, query, columns: id }, withSecret))).toEqual([2])
    expect(other.received[0]?.headers).not.toHaveProperty('authorization')
    expect(other.received[0]?.url.search).toBe('')
    expect(ids(await at.read({ url: `${server.origin}/near`, headers, query, columns: id }, withSecret))).toEqual([1])
    expect(server.received.at(-1)?.headers.authorization).toBe(`Bearer ${token}`)
    expect(server.received.at(-1)?.url.searchParams.get('key')).toBe(token)
  })

  test('a redirect that goes in circles ends', async () => {
    await using server = await serve((_request, response) => response.writeHead(302, { location: '/' }).end())
    await expect(at.read({ url: server.origin, columns: id })).rejects.toMatchObject({ code: 'HTTP_STATUS' })
    expect(server.received).toHaveLength(11)
  })

  test('are in no error and no log, even when the server repeats them', async () => {
    await using server = await serve(({ url, headers: sent }, response) =>
      response.writeHead(500).end(`you sent ${sent.authorization} and ${url.search}`),
    )
    const config = { url: server.origin, headers, query: { key: { secret: 'token' } }, columns: id, tries: 2 }
    const error = await at.read(config, withSecret).catch((thrown: unknown) => thrown)
    const seen = JSON.stringify([error, String(error), at.logs])
    expect(seen).toContain('you sent Bearer ***')
    for (const form of [token, encodeURIComponent(token), 's3cret']) expect(seen).not.toContain(form)
  })
})
