import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { isGone, processStart, thisProcess } from '../../../src-main/services/process.ts'

describe('whether a process is gone', () => {
  it('is not said of this one', () => {
    expect(isGone(thisProcess())).toBe(false)
  })

  it('is said of one that ended', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'])
    await once(child, 'spawn')
    const identity = { pid: child.pid ?? 0, host: hostname(), processStart: processStart(child.pid ?? 0) }
    expect(isGone(identity)).toBe(false)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isGone(identity)).toBe(true)
    expect(isGone({ ...identity, processStart: null })).toBe(true)
  })

  it('is never said of one on another host', () => {
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    expect(isGone({ pid, host: 'some-other-host', processStart: null })).toBe(false)
  })

  it.runIf(process.platform === 'linux')('is said of one whose id now belongs to another', () => {
    const { pid, host } = thisProcess()
    expect(processStart(pid)).toMatch(/^[\w-]+:\d+$/)
    expect(isGone({ pid, host, processStart: 'an-earlier-boot:1234' })).toBe(true)
  })

  it('is not said of a living one whose start is not known', () => {
    expect(isGone({ pid: process.pid, host: hostname(), processStart: null })).toBe(false)
  })
})
