import { describe, expect, test } from 'vitest'
import { httpSource } from '../../../src-main/engine/io/http.ts'
import { json, serve } from '../../helpers/http-server.ts'
import { HttpBench, id, ids } from './http-bench.ts'

const at = new HttpBench()

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
    await at.read(
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
    await expect(at.read({ ...base, headers: { a: '{{line}}' } }, { params })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    await expect(at.read({ ...base, url: `${server.origin}/a/{{dots}}/b` }, { params })).rejects.toMatchObject({
      code: 'CONFIG_PARAMETER',
    })
    const context = at.context({ ...base, query: { q: '{{nam}}' } }, { params })
    await expect(httpSource.columns(context)).rejects.toMatchObject({
      code: 'CONFIG_PARAMETER',
      at: { field: 'query' },
    })
    expect(server.received).toHaveLength(0)
  })

  test('an address with a password in it is refused', async () => {
    await expect(at.read({ url: 'http://user:hunter2@127.0.0.1/', columns: id })).rejects.toMatchObject({
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
    expect(await at.read({ url: server.origin, columns })).toEqual([
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
    await expect(at.read({ url: server.origin, columns: id })).rejects.toMatchObject({
      code: 'DATA_TYPE',
      message: 'Column id, page 1, record 2: 1.5 is not a value of type int64.',
    })
  })

  test('without declared columns types are found', async () => {
    await using server = await serve((_request, response) =>
      json(response, '[{"id":9007199254740993,"at":"2024-01-01T08:00:00+02:00"},{"id":2,"x":[1]}]'),
    )
    expect(await at.read({ url: server.origin })).toEqual([
      ['9007199254740993', '2024-01-01 06:00:00+00', null],
      ['2', null, '[1]'],
    ])
    await using plain = await serve((_request, response) => json(response, '[1,2]'))
    expect(await at.read({ url: plain.origin })).toEqual([['1'], ['2']])
    await using long = await serve((_request, response) => json(response, '[9007199254740993,1]'))
    expect(await at.read({ url: long.origin })).toEqual([['9007199254740993'], ['1']])
    await using padded = await serve((_request, response) => json(response, '[1.10,2.5]'))
    expect(await at.read({ url: padded.origin })).toEqual([['1.1'], ['2.5']])
  })

  test('are read in the text encoding that the server declares', async () => {
    const as = (type: string, bytes: Buffer) =>
      serve((_request, response) => response.writeHead(200, { 'content-type': type }).end(bytes))
    const columns = [{ name: 'a', type: 'text' }]
    await using latin = await as('application/json; charset=iso-8859-1', Buffer.from('[{"a":"é"}]', 'latin1'))
    expect(await at.read({ url: latin.origin, columns })).toEqual([['é']])
    await using wide = await as('application/json; charset="utf-16le"', Buffer.from('[{"a":"東京"}]', 'utf16le'))
    expect(await at.read({ url: wide.origin, columns })).toEqual([['東京']])
    await using broken = await as('application/json', Buffer.from('[{"a":"é"}]', 'latin1'))
    await expect(at.read({ url: broken.origin, columns })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      message: expect.stringContaining('is no text in utf-8'),
    })
    await using unknown = await as('text/plain; charset=klingon', Buffer.from('[]'))
    await expect(at.read({ url: unknown.origin, columns })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      message: expect.stringContaining('klingon'),
    })
  })

  test('none in a 204, none of a record that is null', async () => {
    await using nothing = await serve((_request, response) => response.writeHead(204).end())
    expect(await at.read({ url: nothing.origin, columns: id })).toEqual([])
    await expect(at.read({ url: nothing.origin })).rejects.toMatchObject({
      code: 'HTTP_BODY',
      at: { field: 'columns' },
    })
    await using empty = await serve((_request, response) => response.writeHead(200).end())
    await expect(at.read({ url: empty.origin, columns: id })).rejects.toMatchObject({ code: 'HTTP_BODY' })
    expect(await at.read({ url: empty.origin, columns: id, missingRecords: 'empty' })).toEqual([])
    await using gaps = await serve((_request, response) => json(response, [{ id: 1 }, null, { id: 2 }]))
    expect(await at.read({ url: gaps.origin })).toEqual([['1'], [null], ['2']])
  })

  test('in NDJSON and CSV', async () => {
    await using server = await serve(({ url }, response) => {
      if (url.pathname === '/nd') return response.end('{"id":1}\n\n{"id":2}')
      const more = url.search === '' ? { link: '<?2>; rel=next' } : undefined
      response.writeHead(200, more).end(url.search === '' ? 'id,name\n1,"a,b"\n' : 'name,id\nc,2\n')
    })
    expect(ids(await at.read({ url: `${server.origin}/nd`, format: 'ndjson', columns: id }))).toEqual([1, 2])
    const csv = { url: `${server.origin}/csv`, format: 'csv', pagination: { type: 'link' } }
    expect(await at.read(csv)).toEqual([
      ['1', 'a,b'],
      ['2', 'c'],
    ])
    expect(await at.read({ ...csv, columns: [{ name: 'name', type: 'text' }] })).toEqual([['a,b'], ['c']])
  })
})
