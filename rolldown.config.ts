import { readFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'

const packageJson: { dependencies: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))

/** Small, pure JavaScript, needed at every start: bundled. Everything else is native or large and stays in node_modules, loaded when used. */
const bundled = ['commander', 'zod']
const external = Object.keys(packageJson.dependencies).filter((name) => !bundled.includes(name))

export default defineConfig({
  input: {
    cli: 'src-main/hosts/cli/main.ts',
    'sqlite-lane': 'src-main/dialects/sqlite/lane.ts',
    'code-worker': 'src-main/engine/io/code/worker.ts',
  },
  platform: 'node',
  external: external.map((name) => new RegExp(`^${name}(/|$)`)),
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    entryFileNames: '[name].js',
    // All in one folder: what looks for a file beside itself finds it, whichever chunk it ended up in.
    chunkFileNames: '[name]-[hash].js',
    sourcemap: true,
  },
})
