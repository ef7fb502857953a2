import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Account {
  uid: number
  gid: number
}

/** Servers refuse to run as root; `nobody` exists on every system and owns nothing. Undefined where this process is not root. */
export async function ordinaryAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => /^nobody:/.test(entry))
  if (!line) throw new Error('running as root, and there is no user "nobody" to run the server as')
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** Starts a server that ends, by the signal, with this process at the latest; its folder goes with it. */
export function keepServer(
  folder: string,
  account: Account | undefined,
  signal: 'SIGINT' | 'SIGKILL',
  command: string,
  args: readonly string[],
): ChildProcess {
  const script = fileURLToPath(new URL('server-keeper.ts', import.meta.url))
  const identity = [String(account?.uid ?? ''), String(account?.gid ?? '')]
  // A process group of its own: Ctrl-C must reach the tests first, whose end then stops the server.
  return spawn(process.execPath, [script, folder, ...identity, signal, command, ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
}

export async function stopServer(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return
  const gone = new Promise<void>((resolve) => keeper.once('exit', () => resolve()))
  keeper.stdin?.end()
  await gone
}

/** Waits until `ask` gets an answer. */
export async function answering(keeper: ChildProcess, ask: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    if (keeper.exitCode !== null) throw new Error('the server did not start')
    try {
      await ask()
      return
    } catch (error) {
      if (Date.now() > deadline) {
        await stopServer(keeper)
        throw error
      }
      await pause(50)
    }
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
