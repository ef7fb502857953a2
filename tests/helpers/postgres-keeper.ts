import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'

/**
 * Runs a Postgres server for as long as whoever started this process lives: when standard input ends, for whatever
 * reason, the server is stopped and its folder removed. Arguments: folder, uid, gid, then the server's command line.
 */
const [folder = '', uid = '', gid = '', command = '', ...args] = process.argv.slice(2)
const identity = uid === '' ? {} : { uid: Number(uid), gid: Number(gid) }
const server = spawn(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], ...identity })

server.on('error', () => process.exit(1))
server.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(code ?? 1)
})
process.stdin.on('end', () => server.kill('SIGINT'))
process.stdin.on('error', () => server.kill('SIGINT'))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => server.kill('SIGINT'))
process.stdin.resume()
