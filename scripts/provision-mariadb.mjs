// Makes a MariaDB server available to the tests. Runs before any dependency exists: no imports but node:.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { say } from './provision.mjs'

/**
 * Installs the server where that can be done without asking: on Debian and its kin, as root.
 * @returns {string[]} one line when it could not be had.
 */
export function provisionMariaDb() {
  if (process.env.SLUICE_TEST_MARIADB || installed()) return []
  const apt = '/usr/bin/apt-get'
  if (process.getuid?.() !== 0 || !existsSync(apt)) return [`Not provisioned: MariaDB for the tests. ${advice}`]
  say('Installing MariaDB for the tests (once, a minute) …')
  // Nothing is started: the tests run a private server of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  /** @param {string[]} args */
  const run = (args) => spawnSync(apt, args, { env, encoding: 'utf8', timeout: 300_000 })
  let result = run(['install', '-y', '--no-install-recommends', 'mariadb-server'])
  if (!installed()) {
    run(['update'])
    result = run(['install', '-y', '--no-install-recommends', 'mariadb-server'])
  }
  if (installed()) return []
  const reason = (result.stderr ?? '').match(/^E: (.*)$/m)?.[1] ?? 'apt-get failed'
  return [`Not provisioned: MariaDB for the tests (${reason}). ${advice}`]
}

const advice = 'Install the package mariadb-server, or set SLUICE_TEST_MARIADB to the URL of a superuser.'

/** Servers are often installed where only root looks for programs. */
function installed() {
  const folders = [
    ...(process.env.PATH ?? '').split(':'),
    '/usr/sbin',
    '/usr/bin',
    '/usr/local/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ]
  return ['mariadbd', 'mariadb-install-db'].every((name) => folders.some((folder) => existsSync(join(folder, name))))
}
