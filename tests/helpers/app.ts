import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright'
import { browserArguments, findBrowser } from './browser.ts'
import { dist } from './dist.ts'

const cli = join(dist, 'main', 'cli.js')

export interface Server extends AsyncDisposable {
  url: string
  /** Folder of its workspace. */
  home: string
  pid: number
  /** As `kill -9`. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** Starts the built product as `sluice serve` does, with a workspace of its own. */
export async function startServer(options: { home?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Server> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'sluice-e2e-'))
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: { ...process.env, SLUICE_HOME: home, ...options.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve)
    void exited.then(() => reject(new Error('The server ended before it listened.')))
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await exited
  }
  const stop = async () => {
    await end('SIGTERM')
    if (options.home === undefined) rmSync(home, { recursive: true, force: true })
  }
  return { url, home, pid: child.pid ?? 0, kill: () => end('SIGKILL'), stop, [Symbol.asyncDispose]: stop }
}

let browser: Promise<Browser> | undefined

/** One browser for all specs of a process; Playwright ends it with the process. */
function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  browser ??= chromium.launch({ ...(executablePath && { executablePath }), args: browserArguments })
  return browser
}

/** Ends that browser, for programs that end by themselves. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = undefined
}

/** Windows that are open, and what the last one showed when it was closed. */
const pages = new Set<Page>()
let left = ''

/** What the windows of this process show, or the last of them showed: for whoever looks into a spec that failed elsewhere. */
export async function whatIsSeen(): Promise<string> {
  const seen = await Promise.all([...pages].map(describe))
  return seen.length === 0 ? left : seen.join('\n')
}

async function describe(page: Page): Promise<string> {
  const seen = await page
    .evaluate(() => {
      const texts = (selector: string) =>
        [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((one) => one.textContent)
      return {
        focus: document.activeElement?.outerHTML.slice(0, 400),
        dialogs: texts('[role="dialog"], [role="listbox"], [role="menu"]'),
        alerts: texts('[role="alert"]'),
        text: document.querySelector('main')?.textContent.slice(0, 1500),
      }
    })
    .catch((error: Error) => ({ gone: error.message }))
  return JSON.stringify(seen, null, 1)
}

export interface App extends AsyncDisposable {
  server: Server
  context: BrowserContext
  page: Page
  /** What the page said went wrong, and errors that nothing caught. A spec that ends well leaves it empty. */
  complaints: string[]
}

/** Starts the product and opens it in a browser window of its own. */
export async function openApp(
  options: { server?: Server; home?: string; env?: NodeJS.ProcessEnv; context?: BrowserContextOptions } = {},
): Promise<App> {
  const server = options.server ?? (await startServer(options))
  const context = await (await openBrowser()).newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options.context,
  })
  // The machine may have other work.
  context.setDefaultTimeout(60_000)
  const page = await context.newPage()
  pages.add(page)
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(server.url)
  await page.getByRole('navigation', { name: 'Screens' }).waitFor()
  return {
    server,
    context,
    page,
    complaints,
    async [Symbol.asyncDispose]() {
      left = await describe(page)
      pages.delete(page)
      await context.close()
      if (!options.server) await server.stop()
    },
  }
}
