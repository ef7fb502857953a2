/** Where the Electron runtime is, which its package downloads apart from its own installation. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './build.ts'

const electron = join(root, 'node_modules', 'electron')
const names: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
}
const binary = join(electron, 'dist', names[process.platform] ?? 'electron')

/** Milliseconds that a download may take; a network that swallows requests is given up on after them. */
const patience = 120_000
/** Milliseconds after which a download that failed is tried again. */
const tryAgain = 24 * 3_600_000

/** The program to start, or why there is none, as the end of a sentence. */
export async function desktopRuntime(say: (line: string) => void): Promise<{ binary: string } | { missing: string }> {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return { missing: 'there is no display' }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return { missing: 'a desktop window needs a sandbox, which root does not get' }
  }
  if (existsSync(binary)) return { binary }
  const missing = 'the Electron runtime could not be downloaded'
  const { version }: { version: string } = JSON.parse(readFileSync(join(electron, 'package.json'), 'utf8'))
  const failed = join(root, '.cache', `electron-${version}-failed`)
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < tryAgain) return { missing }
  say('Fetching the Electron runtime (once, about 120 MB) …')
  await download()
  if (existsSync(binary)) return { binary }
  mkdirSync(join(root, '.cache'), { recursive: true })
  writeFileSync(failed, '')
  return { missing }
}

/** Ends when the download did, however it went. */
function download(): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(electron, 'install.js')], { stdio: 'ignore', timeout: patience })
    child.on('error', () => resolve())
    child.on('exit', () => resolve())
  })
}
