import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright'
import { browserArguments, findBrowser } from '../../helpers/browser.ts'

let opened: Promise<BrowserContext> | undefined

/** The Chromium behind all windows, with its profile in the app's data folder. */
export function openBrowser(userData: string): Promise<BrowserContext> {
  opened ??= launch(join(userData, 'profile'))
  return opened
}

async function launch(profile: string): Promise<BrowserContext> {
  const executablePath = findBrowser()
  const context = await chromium.launchPersistentContext(profile, {
    ...(executablePath && { executablePath }),
    viewport: null,
    // The test drives the same pages over this port.
    args: [
      ...browserArguments,
      '--remote-debugging-port=0',
      // Nothing listens there: what a window asks for goes through the app, and what Chromium opened besides reaches nobody.
      '--proxy-server=http://127.0.0.1:1',
      '--proxy-bypass-list=<-loopback>',
    ],
  })
  return context
}

/** Tells the test where to find the page of the first window. */
export function tellTest(userData: string): void {
  const [port] = readFileSync(join(userData, 'profile', 'DevToolsActivePort'), 'utf8').split('\n')
  process.send?.({ type: 'window', address: `http://127.0.0.1:${port}` })
}

export async function closeBrowser(): Promise<void> {
  if (opened) await (await opened).close().catch(() => undefined)
}
