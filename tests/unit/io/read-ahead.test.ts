import { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ReadAhead } from '../../../src-main/engine/duck/read-ahead.ts'

const megabyte = 1024 * 1024

/** A source of numbered pieces that tells how many were taken, and whether it was closed. */
function source(pieces: number, { size = 1, failAfter = Number.POSITIVE_INFINITY } = {}) {
  const seen = { taken: 0, closed: false }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      for (let index = 0; index < pieces; index++) {
        if (index === failAfter) throw new Error('the server went away')
        seen.taken++
        yield Buffer.alloc(size, index)
      }
    } finally {
      seen.closed = true
    }
  }
  return { seen, bytes: bytes() }
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 50; turns++) await turn()
}

async function firstBytes(bytes: AsyncIterable<Uint8Array>): Promise<(number | undefined)[]> {
  const first: (number | undefined)[] = []
  for await (const piece of bytes) first.push(piece[0])
  return first
}

describe('reading ahead', () => {
  it('starts before anybody reads, and gives every piece in its order', async () => {
    const { seen, bytes } = source(100)
    const early = new ReadAhead(bytes)
    await settle()
    expect(seen.taken).toBeGreaterThan(0)
    expect(await firstBytes(early)).toEqual(Array.from({ length: 100 }, (_, index) => index))
    expect(seen.closed).toBe(true)
  })

  it('holds some megabytes and leaves the rest at the source', async () => {
    const { seen, bytes } = source(50, { size: megabyte })
    const early = new ReadAhead(bytes)
    await settle()
    expect(seen.taken).toBe(8)
    await early.next()
    await settle()
    expect(seen.taken).toBe(8)
    expect(await firstBytes(early)).toHaveLength(49)
  })

  it('tells how long rows are, which stay to be read', async () => {
    const rowsOf = (row: string, pieces: number) =>
      Readable.from(Array.from({ length: pieces }, () => Buffer.from(row.repeat(100))))
    const short = new ReadAhead(rowsOf('1,"a\nb"\n', 3))
    expect(await short.rowBytes()).toBe(8)
    expect(await firstBytes(short)).toHaveLength(3)
    expect(await new ReadAhead(rowsOf(`${'x'.repeat(999)}\n`, 30)).rowBytes()).toBeCloseTo(1000, -2)
    const one = await new ReadAhead(rowsOf('x'.repeat(10_000), 2)).rowBytes()
    expect(one).toBeGreaterThanOrEqual(1_000_000)
    expect(await new ReadAhead(rowsOf('', 0)).rowBytes()).toBe(0)
  })

  it('tells the reader of a failure after the pieces before it', async () => {
    const { bytes } = source(5, { failAfter: 2 })
    const early = new ReadAhead(bytes)
    await settle()
    expect((await early.next()).value?.[0]).toBe(0)
    expect((await early.next()).value?.[0]).toBe(1)
    await expect(early.next()).rejects.toThrow('the server went away')
  })

  it('closes its source when nobody comes to read', async () => {
    const { seen, bytes } = source(50, { size: megabyte })
    const early = new ReadAhead(bytes)
    await early.return()
    expect(seen.closed).toBe(true)
  })
})
