import { fork } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, chromium, type Page } from 'playwright'
import { dist } from './dist.ts'

type Electron = typeof import('electron')

export interface DesktopApp extends AsyncDisposable {
  page: Page
  /** Folder of its workspace. */
  home: string
  /** Runs a function in the main process, which sees nothing of what is around it here. */
  evaluate<R, A = undefined>(run: (electron: Electron, argument: A) => R | Promise<R>, argument?: A): Promise<R>
  /** Drops files on the page, as from the system's file manager. `at`: pixels from its corner. */
  drop(files: string[], at: { x: number; y: number }): Promise<void>
  /** Resolves once the process has ended. */
  exited: Promise<void>
  /** What the page said went wrong, and errors that nothing caught. */
  complaints: string[]
}

export interface DesktopOptions {
  home?: string
  args?: string[]
  env?: NodeJS.ProcessEnv
}

const main = join(dist, 'main', 'electron.js')

/** The runtime that was downloaded apart from the package; undefined where it could not be had. */
export function electronBinary(): string | undefined {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const names: Partial<Record<NodeJS.Platform, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const binary = join(folder, 'dist', names[process.platform] ?? 'electron')
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  return existsSync(binary) && display ? binary : undefined
}

/** Starts the desktop: on the real runtime where there is one, else on the emulator. */
export async function openDesktop(options: DesktopOptions = {}): Promise<DesktopApp> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'sluice-desktop-'))
  const args = [main, '--password-store=basic', ...(options.args ?? [])]
  const env = { ...process.env, SLUICE_HOME: home, ...options.env }
  const binary = electronBinary()
  const app = binary === undefined ? await emulated(args, env, home) : await real(binary, args, env, home)
  const { page, complaints } = app
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  // Dialogs of the page are the main process's to answer.
  page.on('dialog', () => undefined)
  return {
    ...app,
    async [Symbol.asyncDispose]() {
      await app.end()
      if (options.home === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

type Started = Omit<DesktopApp, typeof Symbol.asyncDispose> & { end(): Promise<void> }

async function real(executablePath: string, args: string[], env: NodeJS.ProcessEnv, home: string): Promise<Started> {
  const variables = Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])))
  const app = await _electron.launch({ executablePath, args, env: variables })
  const exited = new Promise<void>((resolve) => app.on('close', () => resolve()))
  const page = await app.firstWindow()
  return {
    page,
    home,
    evaluate: (run, argument) => app.evaluate(run as never, argument),
    async drop(files, at) {
      const session = await page.context().newCDPSession(page)
      const data = { items: [], files, dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await session.send('Input.dispatchDragEvent', { type, ...at, data })
      }
    },
    exited,
    complaints: [],
    end: () => app.close(),
  }
}

async function emulated(args: string[], env: NodeJS.ProcessEnv, home: string): Promise<Started> {
  const entry = fileURLToPath(new URL('../electron/emulator/entry.ts', import.meta.url))
  const child = fork(entry, args, { env, execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const answers = new Map<number, (message: { value?: unknown; error?: string }) => void>()
  const address = await new Promise<string>((resolve, reject) => {
    child.on('message', (message: { type: string; id: number; address: string; value?: unknown; error?: string }) => {
      if (message.type === 'window') resolve(message.address)
      else answers.get(message.id)?.(message)
    })
    void exited.then(() => reject(new Error('The desktop ended before it had a window.')))
  })
  const browser = await chromium.connectOverCDP(address)
  const pages = browser.contexts().flatMap((context) => context.pages())
  const page = pages.find((one) => one.url().startsWith('https://sluice/'))
  let asked = 0
  const evaluate: DesktopApp['evaluate'] = (run, argument) =>
    new Promise((resolve, reject) => {
      const id = ++asked
      answers.set(id, ({ value, error }) => (error === undefined ? resolve(value as never) : reject(new Error(error))))
      child.send({ type: 'evaluate', id, source: String(run), argument })
    })
  if (!page) throw new Error('The desktop opened no window.')
  return {
    page,
    home,
    evaluate,
    drop: (files, at) =>
      evaluate(
        async ({ BrowserWindow }, dropped) => {
          const contents: object | undefined = BrowserWindow.getAllWindows()[0]?.webContents
          const drop: unknown = contents && Reflect.get(contents, 'dropFiles')
          if (typeof drop === 'function') await drop.call(contents, dropped.files, dropped.at)
        },
        { files, at },
      ),
    exited,
    complaints: [],
    async end() {
      if (child.exitCode === null && child.connected) {
        await evaluate(({ app }) => app.quit()).catch(() => undefined)
        await exited
      }
      await browser.close().catch(() => undefined)
    },
  }
}

/** For `npm test`: says in one line that a spec did not run on the real runtime. */
export function noteRuntime(): void {
  const notes = process.env.SLUICE_TEST_NOTES
  if (electronBinary() !== undefined || !notes) return
  appendFileSync(
    notes,
    'Ran on the emulator only, because the Electron runtime or a display is missing: tests/electron\n',
  )
}
