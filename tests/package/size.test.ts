import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { dist } from '../helpers/dist.ts'

/** Bytes, compressed, that the window needs before it shows anything. */
const mostScript = 1_000_000

const renderer = join(dist, 'renderer')

/** The script of the page, and all that it imports before it starts. */
function initialScripts(): string[] {
  const html = readFileSync(join(renderer, 'index.html'), 'utf8')
  const waiting = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path = '']) => path)
  const found = new Set<string>()
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue
    found.add(path)
    const code = readFileSync(join(renderer, path), 'utf8')
    const imports = code.matchAll(/(?:^|[;}\n])\s*(?:import|export)\b[^'"`;()]*?["']\.\/([^"']+\.js)["']/g)
    waiting.push(
      ...[...imports].map(([, name = '']) => `assets/${name}`).filter((name) => existsSync(join(renderer, name))),
    )
  }
  return [...found]
}

it('starts on a small script', () => {
  const scripts = initialScripts()
  expect(scripts.length).toBeGreaterThan(0)
  const total = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join(renderer, path))).length, 0)
  expect(total).toBeLessThan(mostScript)
})

it('leaves grid, editor and charts for later', () => {
  const names = initialScripts().join(' ')
  expect(names).not.toMatch(/ag-grid|codemirror|recharts/i)
  const code = initialScripts().map((path) => readFileSync(join(renderer, path), 'utf8'))
  expect(code.some((text) => text.includes('ag-root-wrapper') || text.includes('recharts-wrapper'))).toBe(false)
})
