/**
 * Every check and test, in one command: lint and format, types, layers, generated files, build, tests.
 * Ends with the plain line `N passed, N failed`; each check counts as one. Exit code 0 only when none failed.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, '.cache', 'test')
const reportFile = join(cache, 'vitest.json')
const notesFile = join(cache, 'not-provisioned.txt')

interface Tally {
  passed: number
  failed: number
}

interface Check {
  name: string
  args: string[]
}

const bin = (...parts: string[]) => join(root, 'node_modules', ...parts)
const types = (side: string): Check => ({
  name: `types (${side})`,
  args: [bin('typescript', 'bin', 'tsc'), '-p', `tsconfig.${side}.json`],
})

const checks: Check[] = [
  { name: 'lint and format', args: [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '.'] },
  types('shared'),
  types('main'),
  types('renderer'),
  types('tests'),
  {
    name: 'layers',
    args: [
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'src-main',
      'src-renderer',
    ],
  },
  { name: 'lock file is complete', args: ['scripts/complete-lock.ts', '--check'] },
  { name: 'build', args: [bin('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn'] },
]

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Runs a script on this Node. @returns its exit code and, when captured, what it printed. */
function run(args: string[], capture: boolean, environment: Record<string, string> = {}) {
  return new Promise<{ code: number; output: string }>((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    let output = ''
    const collect = (piece: Buffer) => {
      output += piece.toString()
    }
    child.stdout?.on('data', collect)
    child.stderr?.on('data', collect)
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

async function runChecks(): Promise<Tally> {
  const tally = { passed: 0, failed: 0 }
  for (const check of checks) {
    const started = performance.now()
    const { code, output } = await run(check.args, true)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    say(`${code === 0 ? 'ok    ' : 'FAILED'} ${check.name} (${seconds} s)`)
    if (code === 0) tally.passed++
    else {
      tally.failed++
      say(output.trimEnd())
    }
  }
  return tally
}

/** Runs every test; a test process that ends without a report, or in error beside its tests, counts as a failure. */
async function runTests(): Promise<Tally> {
  const args = [bin('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json']
  const { code } = await run([...args, `--outputFile.json=${reportFile}`, ...process.argv.slice(2)], false, {
    SLUICE_TEST_NOTES: notesFile,
  })
  if (!existsSync(reportFile)) return { passed: 0, failed: 1 }
  const report: unknown = JSON.parse(readFileSync(reportFile, 'utf8'))
  const count = (field: string) => {
    const value = typeof report === 'object' && report !== null ? Reflect.get(report, field) : undefined
    return typeof value === 'number' ? value : 0
  }
  const failed = count('numFailedTests')
  return { passed: count('numPassedTests'), failed: code !== 0 && failed === 0 ? 1 : failed }
}

/** What could not be had on this machine: from the set-up, and one line each from tests that had to provision a server. */
function notes(): string[] {
  const fromTests = existsSync(notesFile) ? readFileSync(notesFile, 'utf8') : ''
  const lines = `${process.env.SLUICE_PROVISION_NOTES ?? ''}\n${fromTests}`.split('\n')
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))]
}

mkdirSync(cache, { recursive: true })
rmSync(reportFile, { force: true })
writeFileSync(notesFile, '')
const checked = await runChecks()
const tested = await runTests()
for (const note of notes()) say(note)
const failed = checked.failed + tested.failed
say(`${checked.passed + tested.passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
