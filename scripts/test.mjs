// `npm test`: installs what is missing and runs every check and test.
import { join } from 'node:path'
import { handOver, provision, root } from './provision.mjs'
import { provisionBrowser } from './provision-browser.mjs'
import { provisionMariaDb } from './provision-mariadb.mjs'

const { node, notes } = provision()
const missing = [...notes, ...provisionMariaDb(), ...provisionBrowser(node)]
handOver(node, [join(root, 'scripts', 'test-all.ts'), ...process.argv.slice(2)], {
  environment: { SLUICE_PROVISION_NOTES: missing.join('\n') },
})
