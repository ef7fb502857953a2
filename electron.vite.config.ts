import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const packageJson: { dependencies: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))

/** Pure JavaScript is bundled: one file loads in half the time that hundreds take. Native modules stay in node_modules. */
const bundled = [
  'commander',
  'zod',
  'sequelize',
  'pg',
  'mysql2',
  'umzug',
  'ws',
  '@orpc/server',
  '@orpc/client',
  '@orpc/contract',
  '@duckdb/node-api',
]
/** Named by packages above: native ones, and some for those who install them, never loaded here. */
const outside = ['@duckdb/node-bindings', 'pg-hstore', 'pg-native', 'bufferutil', 'utf-8-validate', 'cardinal']
const names = [
  ...Object.keys(packageJson.dependencies).filter((name) => !bundled.includes(name)),
  ...outside,
  'electron',
]

/** Where the build goes; another place lets two builds of one checkout stand beside each other. */
const dist = resolve(process.env.SLUICE_DIST ?? 'dist')

export default defineConfig({
  main: {
    resolve: {
      // Sequelize's, with the rules of all time zones since 1850: a quarter of what it takes to load it. Ours are all UTC.
      alias: [{ find: /^moment-timezone$/, replacement: 'moment-timezone/moment-timezone.js' }],
    },
    build: {
      outDir: `${dist}/main`,
      externalizeDeps: false,
      sourcemap: true,
      rolldownOptions: {
        external: [/^node:/, ...names.map((name) => new RegExp(`^${name}(/|$)`))],
        input: {
          electron: 'src-main/hosts/electron/main.ts',
          engine: 'src-main/hosts/engine/main.ts',
          cli: 'src-main/hosts/cli/main.ts',
          'sqlite-lane': 'src-main/dialects/sqlite/lane.ts',
          'code-worker': 'src-main/engine/io/code/worker.ts',
        },
        // All in one folder: what looks for a file beside itself finds it, whichever chunk it ended up in.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: `${dist}/preload`,
      externalizeDeps: false,
      rolldownOptions: {
        external: ['electron'],
        input: { preload: 'src-main/hosts/electron/preload.ts' },
        // A sandboxed preload cannot be a module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src-renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: `${dist}/renderer`,
      sourcemap: true,
      rolldownOptions: { input: 'src-renderer/index.html' },
    },
  },
})
