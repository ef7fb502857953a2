/**
 * What `npm start` does once everything is installed: builds what is older than its sources, then opens the desktop window; where there can be
 * none, it says why in one line and serves the same app to a browser. Runs until the window is closed, or Ctrl-C.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, dist, isStale, root } from './build.ts'
import { desktopRuntime } from './desktop-runtime.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** A desktop that ends in error this soon, in ms, never had a window. */
const tooSoon = 10_000

let running: ReturnType<typeof spawn> | undefined
let stopped = false
// Ctrl-C reaches the child by itself, with the whole group; this waits for what it makes of it.
process.on('SIGINT', () => {
  stopped = true
})
process.on('SIGTERM', () => {
  stopped = true
  running?.kill('SIGTERM')
})

/** Runs a program in this terminal to its end. @returns its exit code, 1 when it could not be started */
function run(program: string, args: string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit' })
    running = child
    child.on('error', () => resolve(1))
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGTERM' ? 0 : 1)))
  })
}

/** @returns why the desktop could not be had, or its exit code */
async function desktop(files: string[]): Promise<string | number> {
  const runtime = await desktopRuntime(say)
  if ('missing' in runtime) return runtime.missing
  const started = Date.now()
  const code = await run(runtime.binary, [join(dist, 'main', 'electron.js'), ...files])
  const failed = code !== 0 && !stopped && Date.now() - started < tooSoon
  return failed ? 'the Electron runtime does not start on this system' : code
}

if (isStale()) {
  say('Building Sluice …')
  if (!build()) process.exit(1)
}
const outcome = await desktop(process.argv.slice(2))
if (typeof outcome === 'number') process.exitCode = outcome
else if (!stopped) {
  say(`Sluice opens in your browser here, because ${outcome}. Open this address; Ctrl-C ends it:`)
  process.exitCode = await run(process.execPath, [join(dist, 'main', 'cli.js'), 'serve'])
}
