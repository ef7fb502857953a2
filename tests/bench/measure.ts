import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Measured {
  /** Wall time of the whole process, start to exit. */
  ms: number
  /** Highest sum of resident memory over the process and its children, in MB; sampled from /proc, 0 where there is none. */
  peakMb: number
  stdout: string
}

/** Runs a command to its end. @throws when it does not exit with 0 */
export async function measure(command: readonly string[], env: Record<string, string> = {}): Promise<Measured> {
  const [program = '', ...args] = command
  const started = performance.now()
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
  let stdout = ''
  let stderr = ''
  let peakMb = 0
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    stderr += data
  })
  const sampler = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(child.pid))
  }, 50)
  const code = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  clearInterval(sampler)
  const ms = performance.now() - started
  if (code !== 0)
    throw new Error(`${command.join(' ')} ended with ${code}: ${stderr.slice(-2000)}${stdout.slice(-2000)}`)
  return { ms, peakMb, stdout }
}

function residentMb(root: number | undefined): number {
  if (root === undefined || process.platform !== 'linux') return 0
  const parents = new Map<number, { parent: number; mb: number }>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8')
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])
      parents.set(Number(entry), { parent, mb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024 })
    } catch {
      // The process ended while it was looked at.
    }
  }
  const within = (pid: number): boolean => pid === root || (parents.has(pid) && within(parents.get(pid)?.parent ?? 0))
  return [...parents].filter(([pid]) => within(pid)).reduce((sum, [, { mb }]) => sum + mb, 0)
}

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

export const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN

export interface Comparison {
  oursMs: number
  theirsMs: number
  /** Median over the pairs of ours / theirs: each pair ran back to back, so a slow moment hits both. */
  ratio: number
  peakMb: number
}

/** Runs both in turn, after one round that is not counted. */
export async function compare(
  ours: () => Promise<Measured>,
  theirs: () => Promise<Measured>,
  rounds: number,
): Promise<Comparison> {
  const pairs: { a: Measured; b: Measured }[] = []
  for (let round = 0; round <= rounds; round++) {
    const a = await ours()
    const b = await theirs()
    if (round > 0) pairs.push({ a, b })
  }
  return {
    oursMs: median(pairs.map(({ a }) => a.ms)),
    theirsMs: median(pairs.map(({ b }) => b.ms)),
    ratio: median(pairs.map(({ a, b }) => a.ms / b.ms)),
    peakMb: Math.max(...pairs.map(({ a }) => a.peakMb)),
  }
}
