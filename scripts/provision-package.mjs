// Installs a package of the system for the tests. Runs before any dependency exists: no imports but node:.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { say } from './provision.mjs'

const apt = '/usr/bin/apt-get'

/** Whether packages can be installed without asking: on Debian and its kin, as root. */
export const canInstallPackages = () => process.getuid?.() === 0 && existsSync(apt)

/**
 * Installs Debian packages.
 * @param {{ packages: string[], title: string, installed: () => boolean }} wanted `title` as in "Installing … for the tests"
 * @returns {string | undefined} why it could not be installed
 */
export function installPackages({ packages, title, installed }) {
  say(`Installing ${title} for the tests (once, a minute) …`)
  // Services are not started: the tests run what they need by themselves.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  /** @param {string[]} args */
  const run = (args) => spawnSync(apt, args, { env, encoding: 'utf8', timeout: 300_000 })
  let result = run(['install', '-y', '--no-install-recommends', ...packages])
  if (!installed()) {
    run(['update'])
    result = run(['install', '-y', '--no-install-recommends', ...packages])
  }
  return installed() ? undefined : ((result.stderr ?? '').match(/^E: (.*)$/m)?.[1] ?? 'apt-get failed')
}
