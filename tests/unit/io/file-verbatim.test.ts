import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { file } from '../../../shared/nodes/file.ts'
import { fileSource } from '../../../src-main/engine/io/file.ts'
import { type Bench, bench, isStream } from '../../helpers/engine-io.ts'

let at: Bench
beforeEach(async () => {
  at = await bench()
})
afterEach(async () => at[Symbol.asyncDispose]())

/** The bytes that need no rewriting, as text; undefined when the file must be read by the engine. */
async function verbatim(
  content: string | Uint8Array,
  config: Record<string, unknown> = {},
): Promise<string | undefined> {
  const { path = 'a.csv' } = config
  if (typeof path === 'string') await writeFile(join(at.folder, path), content)
  const query = await fileSource.open(at.context(file.config.parse({ path, ...config })))
  if (isStream(query)) throw new Error('A file is read by the engine.')
  const bytes = query.verbatim?.(await at.duck.columns(query.select))
  if (bytes === undefined) return undefined
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const plain = 'id,name,price,day,at,ok\n007,"a, b",1.50,2024-02-29,2024-02-29 10:00:00,true\n,,,,,\n'

test('a plain file can be handed on as it is, without its header', async () => {
  expect(await verbatim(plain)).toBe(plain.slice(plain.indexOf('\n') + 1))
  expect(await verbatim('1,x\n2,y\n', { header: false })).toBe('1,x\n2,y\n')
  expect(await verbatim('a,b\n007,1.50\n', { allText: true })).toBe('007,1.50\n')
  expect(await verbatim('a,b\n007,1.50\n', { types: { a: 'text', b: 'float64' } })).toBe('007,1.50\n')
})

test('more than what fits one piece of a file arrives whole', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `${index},"row ${index}, ""quoted"""\n`).join('')
  expect(await verbatim(`id,text\n${rows}`)).toBe(rows)
})

test.each([
  { quote: "'" },
  { escape: '\\' },
  { comment: '#' },
  { nullText: ['NA'] },
  { decimalComma: true },
  { badRows: 'skip' },
  { shortRows: 'pad' },
  { strict: false },
  { filename: 'from' },
  { encoding: 'latin-1' },
  { dateFormat: '%d.%m.%Y' },
  { types: { price: 'decimal(10,2)' } },
  { types: { name: 'json' } },
])('settings that change what a field means are left to the engine: %j', async (config) => {
  expect(await verbatim('name,price\n"1",2024-01-01\n', { types: { price: 'date' }, ...config })).toBeUndefined()
})

test('files of other shapes are left to the engine', async () => {
  expect(await verbatim('a;b\n1;x\n')).toBeUndefined()
  expect(await verbatim('\na,b\n1,x\n')).toBeUndefined()
  expect(await verbatim('only\n1\n2\n')).toBeUndefined()
  expect(await verbatim('a,day\n1,31/12/2024\n2,30/11/2024\n')).toBeUndefined()
  expect(await verbatim(gzipSync('a,b\n1,x\n'), { path: 'a.csv.gz' })).toBeUndefined()
  await writeFile(join(at.folder, 'b.csv'), 'a,b\n1,x\n')
  await writeFile(join(at.folder, 'c.csv'), 'a,b\n2,y\n')
  expect(await verbatim('', { path: ['b.csv', 'c.csv'] })).toBeUndefined()
})

test('a later row that is not what its column says stops the bytes', async () => {
  const rows = Array.from({ length: 60_000 }, (_, index) => `${index},x\n`).join('')
  await expect(verbatim(`id,text\n${rows}1.5,y\n`)).rejects.toMatchObject({ code: 'DATA_TYPE' })
})
