// `npm run sluice -- …`: the command line from a checkout, on the sources as they stand.
import { join } from 'node:path'
import { handOver, provision, root, say } from './provision.mjs'

const { node, notes } = provision()
for (const note of notes) say(note)
handOver(node, [join(root, 'src-main', 'hosts', 'cli', 'main.ts'), ...process.argv.slice(2)], {
  // npm changes to the package's folder; files on the command line belong to where the user stands.
  cwd: process.env.INIT_CWD ?? process.cwd(),
})
