// `npm test`: installs what is missing and runs every check and test.
import { join } from 'node:path'
import { handOver, provision, root } from './provision.mjs'
import { provisionMariaDb } from './provision-mariadb.mjs'

const { node, notes } = provision()
handOver(node, [join(root, 'scripts', 'test-all.ts'), ...process.argv.slice(2)], {
  environment: { SLUICE_PROVISION_NOTES: [...notes, ...provisionMariaDb()].join('\n') },
})
