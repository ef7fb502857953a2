/** Building, and whether it is needed. */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
export const dist = resolve(root, process.env.SLUICE_DIST ?? 'dist')

const sources = [
  'shared/**/*',
  'src-main/**/*',
  'src-renderer/**/*',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
]
/** One of each part of the build; each part writes all of its files anew. */
const built = ['main/electron.js', 'main/cli.js', 'preload/preload.cjs', 'renderer/index.html']

const changedAt = (path: string) => statSync(path).mtimeMs

/** Whether there is no build, or a source changed since it was made. */
export function isStale(): boolean {
  const files = built.map((name) => join(dist, name))
  if (!files.every((file) => existsSync(file))) return true
  const made = Math.min(...files.map(changedAt))
  return globSync(sources, { cwd: root }).some((file) => changedAt(join(root, file)) > made)
}

/** Builds all parts, quietly. @returns whether it worked; what went wrong was printed */
export function build(): boolean {
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const args = [electronVite, 'build', '--logLevel', 'warn']
  return spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
