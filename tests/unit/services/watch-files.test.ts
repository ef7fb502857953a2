import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { lookAt, watchFiles } from '../../../src-main/services/watch-files.ts'

it('a file that was written and goes at once has been there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-watch-'))
  const stop = new AbortController()
  try {
    const path = join(folder, 'a.pipeline.json')
    const told = watchFiles([path], stop.signal)
    const next = async () => (await told.next()).value?.hash
    expect(await next()).toBeNull()
    await writeFile(path, '{}')
    await lookAt(path)
    await rm(path)
    expect(await next()).toMatch(/^[0-9a-f]{64}$/)
    expect(await next()).toBeNull()
  } finally {
    stop.abort()
    await rm(folder, { recursive: true })
  }
})
