import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** A process, told apart from any that later gets the same id. */
export interface ProcessIdentity {
  pid: number
  host: string
  /** Boot and start time where the system tells them (Linux); else null. */
  processStart: string | null
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, host: hostname(), processStart: processStart(process.pid) }
}

/**
 * Whether the process is surely gone. One on another host, or one that cannot be told from a living one, is not:
 * calling a running run crashed is worse than leaving a dead one.
 */
export function isGone(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return false
  if (!alive(identity.pid)) return true
  const stat = readStat(identity.pid)
  if (!stat) return false
  // A zombie has ended; its parent has not taken note yet.
  return stat.state === 'Z' || (identity.processStart !== null && stat.start !== identity.processStart)
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** `<boot id>:<start in clock ticks since boot>` from /proc; null where there is none. */
export function processStart(pid: number): string | null {
  return readStat(pid)?.start ?? null
}

function readStat(pid: number): { state: string; start: string } | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name, in parentheses, may itself hold spaces and parentheses. After it: the state, and 19 further on the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, ticks] = [fields[0], fields[19]]
    return state === undefined || ticks === undefined ? undefined : { state, start: `${boot}:${ticks}` }
  } catch {
    return undefined
  }
}
