#!/usr/bin/env node
// Starts the command line on a Node that can run it: this one if it is new enough, else the one that Sluice brings.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = new URL('../dist/main/cli.js', import.meta.url)
const own = fileURLToPath(
  new URL(`../node_modules/node/bin/node${process.platform === 'win32' ? '.exe' : ''}`, import.meta.url),
)

if (!existsSync(built)) {
  process.stderr.write('Sluice is not built here yet. In a checkout, run: npm run build\n')
  process.exitCode = 1
} else if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(built.href)
} else if (existsSync(own)) {
  const child = spawn(own, [fileURLToPath(built), ...process.argv.slice(2)], { stdio: 'inherit' })
  // Ctrl-C reaches the child by itself; what it means is decided there.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('exit', (code, signal) => {
    process.removeAllListeners('SIGINT')
    process.removeAllListeners('SIGTERM')
    if (signal) process.kill(process.pid, signal)
    else process.exitCode = code ?? 1
  })
} else {
  process.stderr.write(`Sluice needs Node 24; this is ${process.versions.node}.\n`)
  process.exitCode = 1
}
