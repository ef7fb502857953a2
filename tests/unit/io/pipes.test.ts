import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { feed } from '../../../src-main/engine/duck/pipes.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-pipes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

test.runIf(process.platform !== 'win32')('a feed holds nothing of what its reader has taken', async () => {
  const size = 1 << 20
  let held = 0
  async function* pieces() {
    for (let index = 0; index < 64; index++) {
      yield Buffer.alloc(size, index)
      // What was given and read can go; a few pieces are on their way.
      await new Promise((resolve) => setImmediate(resolve))
      collect()
      held = Math.max(held, process.memoryUsage().arrayBuffers)
    }
  }
  const pipe = await feed(folder, pieces())
  const pumped = pipe.pump(new AbortController().signal)
  let read = 0
  const mark = Buffer.from('\uFEFF').length
  for await (const piece of createReadStream(pipe.path)) read += piece.length
  await pumped
  await pipe.dispose()
  expect(read).toBe(mark + 64 * size)
  expect(held).toBeLessThan(16 * size)
})
