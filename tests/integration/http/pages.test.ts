import { describe, expect, test } from 'vitest'
import { json, serve } from '../../helpers/http-server.ts'
import { HttpBench, id, ids, token, withSecret } from './http-bench.ts'

const at = new HttpBench()

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
    expect(ids(await at.read(config))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(server.received.map(({ url }) => url.search)).toEqual([
      '?fixed=1&p=1',
      '?fixed=1&p=2',
      '?fixed=1&p=3',
      '?fixed=1&p=4',
    ])
    server.received.length = 0
    expect(ids(await at.read({ ...config, pageSize: 3 }))).toHaveLength(7)
    expect(server.received).toHaveLength(3)
    expect(ids(await at.read({ ...config, maxPages: 2 }))).toEqual([1, 2, 3, 4, 5, 6])
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
    expect(ids(await at.read(config))).toEqual([1, 2, 3, 4, 5, 6, 7])
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
    expect(ids(await at.read(config))).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(server.received[1]?.url.searchParams.get('after')).toBe('x&y=')
    await expect(at.read({ ...config, url: `${server.origin}/circle` })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      at: { field: 'pagination' },
    })
  })

  test('by a cursor that is a long number, and one that is no single value', async () => {
    await using server = await serve(({ url }, response) => {
      const found = url.pathname === '/object' ? '{"id":7}' : '12345678901234567890'
      json(response, url.search === '' ? `{"items":[{"id":1}],"next":${found}}` : '{"items":[{"id":2}],"next":0.0}')
    })
    const config = {
      url: server.origin,
      records: 'items',
      columns: id,
      pagination: { type: 'cursor', parameter: 'after', path: 'next' },
    }
    expect(ids(await at.read(config))).toEqual([1, 2])
    expect(server.received.map(({ url }) => url.search)).toEqual(['', '?after=12345678901234567890'])
    await expect(at.read({ ...config, url: `${server.origin}/object` })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      message: 'What asks for the next page is {"id":7}, no single value.',
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
    expect(ids(await at.read({ url: `${server.origin}/list`, columns: id, pagination: { type: 'link' } }))).toEqual([
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
    await expect(at.read(config, withSecret)).rejects.toMatchObject({ code: 'HTTP_BODY', at: { field: 'pagination' } })
    expect(other.received).toHaveLength(0)
    const followed = { ...config, pagination: { type: 'link', path: 'next', otherOrigins: true } }
    expect(ids(await at.read(followed, withSecret))).toEqual([1, 2])
    expect(server.received[0]?.headers).toMatchObject({ authorization: `Bearer ${token}`, cookie: 'a=b' })
    expect(other.received[0]?.headers).toMatchObject({ 'x-plain': 'yes' })
    expect(other.received[0]?.headers).not.toHaveProperty('authorization')
    expect(other.received[0]?.headers).not.toHaveProperty('cookie')
  })

  test('a server that ignores the page number does not run forever', async () => {
    await using server = await serve((_request, response) => json(response, all))
    await expect(at.read({ url: server.origin, columns: id, pagination: { type: 'page' } })).rejects.toMatchObject({
      code: 'HTTP_BODY',
    })
    expect(server.received).toHaveLength(2)
  })
})
