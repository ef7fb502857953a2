import { registry } from '../shared/nodes/registry.ts'
import { pipelineJsonSchema } from '../shared/pipeline/json-schema.ts'
import { nodeReference } from './reference.ts'

/** Every file that `npm run generate` makes: path from the root of the repository to text. */
export function generatedFiles(): Map<string, string> {
  const pages = [...nodeReference(registry)].map(([name, text]) => [`docs/nodes/${name}`, text] as const)
  return new Map([
    ['pipeline.schema.json', `${JSON.stringify(pipelineJsonSchema(registry), undefined, 1)}\n`],
    ...pages,
  ])
}
