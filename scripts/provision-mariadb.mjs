// Makes a MariaDB server available to the tests.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { canInstallPackages, installPackages } from './provision-package.mjs'

const advice = 'Install the package mariadb-server, or set SLUICE_TEST_MARIADB to the URL of a superuser.'

/** @returns {string[]} one line when it could not be had. */
export function provisionMariaDb() {
  if (process.env.SLUICE_TEST_MARIADB || installed()) return []
  if (!canInstallPackages()) return [`Not provisioned: MariaDB for the tests. ${advice}`]
  const reason = installPackages({ packages: ['mariadb-server'], title: 'MariaDB', installed })
  return reason === undefined ? [] : [`Not provisioned: MariaDB for the tests (${reason}). ${advice}`]
}

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
