import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/**
 * Runs a database server for as long as whoever started this process lives: when standard input ends, for whatever reason, the
 * server gets the signal and its folder is removed. One that was killed meanwhile is started anew. Arguments: folder, uid, gid, signal, then the server's command line.
 */
const [folder = '', uid = '', gid = '', signal = 'SIGTERM', command = '', ...args] = process.argv.slice(2)
const identity = uid === '' ? {} : { uid: Number(uid), gid: Number(gid) }
let stopping = false
let server = start()

function start(): ChildProcess {
  const started = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], ...identity })
  started.on('error', () => process.exit(1))
  started.on('exit', (code) => {
    if (code === null && !stopping) {
      server = start()
      return
    }
    rmSync(folder, { recursive: true, force: true })
    process.exit(code ?? 1)
  })
  return started
}

function stop(): void {
  stopping = true
  server.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGKILL')
}

process.stdin.on('end', stop)
process.stdin.on('error', stop)
for (const told of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(told, stop)
process.stdin.resume()
