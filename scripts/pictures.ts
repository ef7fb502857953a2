/** Takes the pictures of the guide: runs the spec that shows every screen, and copies those that the docs name. */
import { spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', 'tests/e2e/pictures']
const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
if (status !== 0) process.exit(status ?? 1)

const pages = ['README.md', ...globSync('docs/*.md', { cwd: root })]
const named = pages.flatMap((page) => [...readFileSync(join(root, page), 'utf8').matchAll(/pictures\/([\w-]+\.png)/g)])
mkdirSync(join(root, 'docs', 'pictures'), { recursive: true })
for (const name of new Set(named.flatMap((match) => match[1] ?? []))) {
  copyFileSync(join(root, '.cache', 'pictures', name), join(root, 'docs', 'pictures', name))
}
