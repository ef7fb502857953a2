import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { FileBench, failure } from './file-bench.ts'

const at = new FileBench()
const columns = ['a int64', 'b text']
const rows = [
  ['1', 'x'],
  ['2', 'y\rz'],
  ['3', 'w'],
]

describe('ends of lines', () => {
  test.each([
    ['\\r alone', 'a,b\r1,x\r2,"y\rz"\r3,w\r', {}],
    ['\\r alone, the last one missing', 'a,b\r1,x\r2,"y\rz"\r3,w', {}],
    ['\\r alone, after lines that are skipped and blank ones', 'of 2024\r\r\ra,b\r1,x\r2,"y\rz"\r3,w\r', { skip: 1 }],
    ['\\r among \\n and \\r\\n', 'a,b\r\n1,x\n2,"y\rz"\r3,w\n', {}],
    ['\\r among \\r\\n, read leniently', 'a,b\r\n1,x\r\n2,"y\rz"\r3,w\r\n', { strict: false }],
  ])('%s', async (_, text, more) => {
    await at.put('a.csv', text)
    expect(await at.read({ path: 'a.csv', ...more })).toEqual({ columns, rows })
  })
})

describe('packed files that are not whole', () => {
  const text = `a,b\n${Array.from({ length: 20_000 }, (_, n) => `${n},${(n * 7919) % 20_011}\n`).join('')}`
  const gz = gzipSync(text)
  const spoilt = Buffer.from(gz)
  spoilt.writeUInt32LE((gz.readUInt32LE(gz.length - 8) ^ 1) >>> 0, gz.length - 8)
  const zst = zstdCompressSync(text)

  test.each([
    ['without the end of a gz', 'a.csv.gz', gz.subarray(0, -8)],
    ['with the wrong checksum in a gz', 'a.csv.gz', spoilt],
    ['with half of a zst', 'a.csv.zst', zst.subarray(0, zst.length / 2)],
    ['without the end of a zst', 'a.csv.zst', zst.subarray(0, -3)],
    ['of NDJSON', 'a.ndjson.gz', gzipSync('{"a":1}\n{"a":2}\n').subarray(0, -8)],
  ])('%s', async (_, name, bytes) => {
    await at.put(name, bytes)
    for (const badRows of ['fail', 'skip'])
      expect(await failure(at.read({ path: name, badRows, shortRows: 'pad' }))).toMatchObject({
        code: 'FILE_FORMAT',
        message: expect.stringContaining('damaged'),
        at: { field: 'path' },
      })
  })

  test('several streams in one file are one text', async () => {
    await at.put('a.csv.gz', Buffer.concat([gzipSync('a,b\n1,x\n'), gzipSync('2,y\n')]))
    await at.put('b.csv.zst', Buffer.concat([zstdCompressSync('a,b\n3,z\n'), zstdCompressSync('4,w\n')]))
    expect((await at.read({ path: ['a.csv.gz', 'b.csv.zst'] })).rows.map(([a]) => a)).toEqual(['1', '2', '3', '4'])
  })
})

test.each([
  ['an array after a byte order mark', Buffer.from('\ufeff[{"a":1}]')],
  ['lines after a byte order mark', Buffer.from('\ufeff{"a":1}\n{"a":2}\n')],
  ['UTF-16', Buffer.from('\ufeff[{"a":1}]', 'utf16le')],
])('JSON: %s is refused', async (_, bytes) => {
  for (const format of ['json', 'ndjson']) {
    await at.put('a.txt', bytes)
    expect(await failure(at.read({ path: 'a.txt', format }))).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'a.txt begins with a byte order mark.',
      hint: expect.stringContaining('UTF-8'),
    })
  }
})
