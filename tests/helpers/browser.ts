import { existsSync } from 'node:fs'
import { chromium } from 'playwright'

/** Those without a window come first: they take a fifth less of the processor. */
const system = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** Path of a Chromium: the one Playwright installed, else the system's; undefined when there is none. */
export function findBrowser(): string | undefined {
  return [process.env.SLUICE_TEST_BROWSER ?? '', chromium.executablePath(), ...system].find(
    (path) => path !== '' && existsSync(path),
  )
}

/** Nothing may reach beyond this machine, and containers have no sandbox of their own to give. */
export const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
