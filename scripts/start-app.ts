/** What `npm start` does once everything is installed: until there is a window, it runs the first sample and prints its rows. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line: string) => process.stdout.write(`${line}\n`)

const sample = globSync('resources/samples/*/*.pipeline.json', { cwd: root }).sort()[0]
if (sample === undefined) {
  say('There is no sample pipeline in resources/samples.')
  process.exit(1)
}
say(`Running the sample ${sample}`)
const cli = join(root, 'src-main', 'hosts', 'cli', 'main.ts')
const { status } = spawnSync(process.execPath, [cli, 'run', sample], { cwd: root, stdio: 'inherit' })
say(
  status === 0
    ? `Try next: npm run sluice -- show ${sample}, npm run sluice -- --help, and docs/command-line.md`
    : 'The sample did not run; the message above says why.',
)
process.exitCode = status ?? 1
