import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { RunEvent } from '../../shared/run.ts'
import { defaultLimits } from '../../src-main/engine/index.ts'
import { readPipeline } from '../../src-main/services/pipeline-file.ts'
import { type FinishedRun, type RunRequest, startRun } from '../../src-main/services/start-run.ts'
import { openWorkspace } from '../../src-main/services/workspace.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A sample as a newcomer has it: its folder without anything it has written, and an empty workspace. */
export interface SampleBench extends Disposable {
  folder: string
  /** Runs it through the services. */
  run(options?: Partial<RunRequest>): Promise<FinishedRun & { events: RunEvent[] }>
  /** Runs the command line as a process; `sample` stands for the pipeline file. */
  cli(...args: string[]): Promise<{ code: number | null; out: string; err: string }>
  /** Rows of the sample's own results. */
  results(sql: string): Record<string, unknown>[]
  read(path: string): string
}

export function sampleBench(name: string): SampleBench {
  const home = mkdtempSync(join(tmpdir(), 'sluice-sample-'))
  const folder = join(home, name)
  const source = join(root, 'resources', 'samples', name)
  const written = /[/\\](results\.db.*|out)$/
  cpSync(source, folder, { recursive: true, filter: (path) => !written.test(path) })
  const file = join(folder, `${name.replace(/^\d+-/, '')}.pipeline.json`)
  const env = { PATH: process.env.PATH, SLUICE_HOME: join(home, 'workspace'), NO_COLOR: '1' }
  return {
    folder,
    run: async (options = {}) => {
      await using workspace = openWorkspace({ env })
      const events: RunEvent[] = []
      const finished = await startRun(workspace, {
        ...(await readPipeline(file, home)),
        mode: 'deliver',
        params: {},
        overrides: {},
        cwd: home,
        dryRun: false,
        refresh: false,
        limits: defaultLimits,
        signal: new AbortController().signal,
        onEvent: (event) => events.push(event),
        ...options,
      })
      return { ...finished, events }
    },
    cli: (...args) => {
      const main = join(root, 'src-main', 'hosts', 'cli', 'main.ts')
      return finished(process.execPath, [main, ...args.map((arg) => (arg === 'sample' ? file : arg))], {
        cwd: home,
        env,
      })
    },
    results: (sql) => {
      const database = new DatabaseSync(join(folder, 'results.db'), { readOnly: true })
      try {
        return database
          .prepare(sql)
          .all()
          .map((row) => ({ ...row }))
      } finally {
        database.close()
      }
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  }
}

function finished(command: string, args: string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  return new Promise<{ code: number | null; out: string; err: string }>((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, ...said }))
  })
}

/** The sample's own service, started as its README says, on a port that is free or the one given. */
export async function serve(sample: string, port = 0): Promise<{ url: string; port: number } & AsyncDisposable> {
  const script = join(root, 'resources', 'samples', sample, 'serve.mjs')
  const child = spawn(process.execPath, [script, String(port)], {
    cwd: dirname(script),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = new Promise<void>((resolve) => child.on('close', () => resolve()))
  for await (const line of createInterface(child.stdout)) {
    const address = /http:\/\/[^/]+/.exec(line)?.[0]
    if (address === undefined) break
    return {
      url: address,
      port: Number(new URL(address).port),
      [Symbol.asyncDispose]: async () => {
        child.kill()
        await gone
      },
    }
  }
  throw new Error(`${sample}/serve.mjs did not start`)
}

/** Rows of a CSV text by its header, read by nothing of the product: quotes, no line breaks inside them. */
export function csvRows(text: string): Record<string, string>[] {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const names = fields(header)
  return lines.map((line) => {
    const values = fields(line)
    return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
  })
}

function fields(line: string): string[] {
  const found: string[] = []
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    found.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
  }
  return found
}
