// Makes a Chromium available to the specs of the screen.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, say } from './provision.mjs'
import { canInstallPackages, installPackages } from './provision-package.mjs'

/** As tests/helpers/browser.ts looks for them. */
const system = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/**
 * @param {string} node the Node to run Playwright on
 * @returns {string[]} one line when it could not be had.
 */
export function provisionBrowser(node) {
  const installed = () => system.some((path) => existsSync(path)) || existsSync(ofPlaywright(node))
  if (process.env.SLUICE_TEST_BROWSER || installed()) return []
  const reason = canInstallPackages()
    ? installPackages({ packages: ['chromium-headless-shell', 'fonts-dejavu-core'], title: 'Chromium', installed })
    : download(node, installed)
  if (reason === undefined) return []
  return [`Not provisioned: a browser for the specs of the screen (${reason}). Run: npx playwright install chromium`]
}

/** @param {string} node */
function ofPlaywright(node) {
  const program = "import('playwright').then(({ chromium }) => process.stdout.write(chromium.executablePath()))"
  return spawnSync(node, ['-e', program], { cwd: root, encoding: 'utf8' }).stdout ?? ''
}

/**
 * @param {string} node
 * @param {() => boolean} installed
 */
function download(node, installed) {
  say('Installing Chromium for the tests (once, a minute) …')
  const cli = join(root, 'node_modules', 'playwright', 'cli.js')
  spawnSync(node, [cli, 'install', 'chromium'], { cwd: root, stdio: 'ignore', timeout: 300_000 })
  return installed() ? undefined : 'it could not be downloaded'
}
