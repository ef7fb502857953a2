import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = fileURLToPath(new URL('../../src-main/hosts/cli/main.ts', import.meta.url))

export interface CliResult {
  code: number | null
  stdout: string
  stderr: string
}

export interface CliStart {
  env?: Record<string, string>
  /** Given to stdin, which is then closed; without it stdin is /dev/null. */
  input?: string
}

/** The command line as a process of its own, in a folder and with a workspace of its own, and nothing of this environment. */
export class CliSandbox {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async create(): Promise<CliSandbox> {
    return new CliSandbox(await mkdtemp(join(tmpdir(), 'sluice-cli-')))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  async file(name: string, content: unknown): Promise<string> {
    await writeFile(this.path(name), typeof content === 'string' ? content : JSON.stringify(content, null, 2))
    return name
  }

  start(args: readonly string[], { env = {}, input }: CliStart = {}): ChildProcess {
    const child = spawn(process.execPath, [entry, ...args], {
      cwd: this.folder,
      // As cron starts it, but for the folder that keeps the workspace apart.
      env: { HOME: this.folder, PATH: '/usr/bin:/bin', SHELL: '/bin/sh', SLUICE_HOME: this.path('home'), ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    if (input !== undefined) child.stdin?.end(input)
    return child
  }

  async run(args: readonly string[], options: CliStart = {}): Promise<CliResult> {
    return finished(this.start(args, options))
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true })
  }
}

/** Waits for the end of a process and gathers what it printed. */
export function finished(child: ChildProcess): Promise<CliResult> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    stdout += piece
  })
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Lines of NDJSON, each parsed; throws on a line that is not JSON. */
export function ndjson(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line))
}
