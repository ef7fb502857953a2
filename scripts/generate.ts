// `npm run generate`: writes what is made from the node kinds, and removes pages of kinds that are gone.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generatedFiles } from './generated.ts'

const root = dirname(import.meta.dirname)
const files = generatedFiles()
mkdirSync(join(root, 'docs/nodes'), { recursive: true })
for (const [path, text] of files) writeFileSync(join(root, path), text)
for (const name of readdirSync(join(root, 'docs/nodes'))) {
  if (!files.has(`docs/nodes/${name}`)) rmSync(join(root, 'docs/nodes', name))
}
