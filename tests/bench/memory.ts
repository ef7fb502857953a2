import { readdirSync, readFileSync } from 'node:fs'

/** Memory of one process in MB. Pages that several share are counted in proportion, so that a sum counts each once. */
export interface ProcessMemory {
  pid: number
  /** What it was started with, e.g. `engine.js`. */
  script: string
  mb: number
}

export interface Watch {
  /** Highest sum since the watch began or was last asked, and the processes at that moment. */
  peak(): { mb: number; parts: ProcessMemory[] }
  now(): number
  stop(): void
}

const interval = 100

/** Looks at the memory of a process and all below it, until it is stopped. Linux only. */
export function watchMemory(root: number): Watch {
  let peak = { mb: 0, parts: [] as ProcessMemory[] }
  const look = () => {
    const parts = treeMemory(root)
    const mb = total(parts)
    if (mb > peak.mb) peak = { mb, parts }
    return mb
  }
  const timer = setInterval(look, interval)
  return {
    peak() {
      look()
      const found = peak
      peak = { mb: 0, parts: [] }
      return found
    },
    now: () => total(treeMemory(root)),
    stop: () => clearInterval(timer),
  }
}

const total = (parts: readonly ProcessMemory[]) => parts.reduce((sum, { mb }) => sum + mb, 0)

export function treeMemory(root: number): ProcessMemory[] {
  const children = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    const parent = Number(/^PPid:\s+(\d+)/m.exec(read(Number(entry), 'status'))?.[1])
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
  }
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap(below)]
  return below(root).map((pid) => ({
    pid,
    script: scriptOf(pid),
    mb: Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0) / 1024,
  }))
}

/** Empty for a process that has ended. */
function read(pid: number, file: string): string {
  try {
    return Number.isInteger(pid) ? readFileSync(`/proc/${pid}/${file}`, 'utf8') : ''
  } catch {
    return ''
  }
}

const scriptOf = (pid: number) =>
  read(pid, 'cmdline')
    .split('\0')
    .find((part) => part.endsWith('.js'))
    ?.split('/')
    .at(-1) ?? ''

/** Processor time that a process has taken, in hundredths of a second; 0 once it has ended. */
export function cpuTime(pid: number): number {
  const fields = read(pid, 'stat').split(') ')[1]?.split(' ') ?? []
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0)
}
