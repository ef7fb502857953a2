import { describe, expect, it } from 'vitest'
import type { Column } from '../../../shared/data/types.ts'
import { encodeRow } from '../../../shared/data/wire.ts'
import { type Field, typedBatches, WireReader } from '../../../shared/data/wire-reader.ts'
import { fc } from '../../helpers/property.ts'

const columns: Column[] = ['a', 'b', 'c'].map((name) => ({ name, type: { kind: 'text' } }))
const field = fc.oneof(
  fc.constant(null),
  fc.string(),
  fc.stringMatching(/^[",\n\r x]{0,6}$/),
  fc.string({ unit: 'grapheme' }),
)

function readPieces(source: string, cuts: readonly number[]): Field[][] {
  const places = [0, ...cuts.map((cut) => cut % (source.length + 1)).sort((a, b) => a - b), source.length]
  const reader = new WireReader()
  const rows = places.slice(1).flatMap((end, index) => reader.push(source.slice(places[index], end)))
  reader.end()
  return rows
}

describe('WireReader', () => {
  it('gives back what was encoded, wherever the text is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(field, field, field)), fc.array(fc.nat(), { maxLength: 8 }), (rows, cuts) => {
        const source = rows.map((row) => encodeRow(row, columns)).join('')
        expect(readPieces(source, cuts)).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  it('refuses text that ends inside a row', () => {
    for (const text of ['a,b', 'a,"b\n', '"a"']) {
      const reader = new WireReader()
      expect(reader.push(text)).toEqual([])
      expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'DATA_SHORT' }))
    }
  })
})

describe('typedBatches', () => {
  it('gives whole batches of typed rows, wherever the bytes are cut', async () => {
    const typed: Column[] = [
      { name: 'text', type: { kind: 'text' } },
      { name: 'n', type: { kind: 'int32' } },
    ]
    const rows = ['\uFEFFé', '𝄞', ''].map((text, n) => [text, n])
    const bytes = Buffer.from(rows.map((row) => encodeRow(row, typed)).join(''))
    async function* singly() {
      for (const byte of bytes) yield Uint8Array.of(byte)
    }
    const batches = []
    for await (const batch of typedBatches(singly(), typed, 2)) batches.push(batch)
    expect(batches).toEqual([rows.slice(0, 2), rows.slice(2)])
  })
})
