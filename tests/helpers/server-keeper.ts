import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/**
 * Runs a database server for as long as whoever started this process lives: when standard input ends, for whatever reason, the
 * server gets the signal and its folder is removed. Arguments: folder, uid, gid, signal, then the server's command line.
 */
const [folder = '', uid = '', gid = '', signal = 'SIGTERM', command = '', ...args] = process.argv.slice(2)
const identity = uid === '' ? {} : { uid: Number(uid), gid: Number(gid) }
const server = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], ...identity })
const stop = () => server.kill(signal === 'SIGINT' ? 'SIGINT' : 'SIGKILL')

server.on('error', () => process.exit(1))
server.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(code ?? 1)
})
process.stdin.on('end', stop)
process.stdin.on('error', stop)
for (const told of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(told, stop)
process.stdin.resume()
