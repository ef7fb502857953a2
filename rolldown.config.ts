import { readFileSync } from 'node:fs'
import { defineConfig } from 'rolldown'

const packageJson: { dependencies: Record<string, string> } = JSON.parse(readFileSync('package.json', 'utf8'))

/** Pure JavaScript is bundled: one file loads in half the time that hundreds take. Native modules stay in node_modules. */
const bundled = ['commander', 'zod', 'sequelize', 'pg', 'umzug']
/** Named by packages above for those who install them; never loaded here. */
const optional = ['pg-hstore', 'pg-native']
const external = [...Object.keys(packageJson.dependencies).filter((name) => !bundled.includes(name)), ...optional]

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
    // Sequelize looks its drivers up by name while it runs.
    banner: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    sourcemap: true,
  },
})
