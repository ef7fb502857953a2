// `npm start`: installs what is missing, builds, and starts Sluice.
import { join } from 'node:path'
import { handOver, provision, root, say } from './provision.mjs'

const { node, notes } = provision()
for (const note of notes) say(note)
handOver(node, [join(root, 'scripts', 'start-app.ts'), ...process.argv.slice(2)])
