import type { NodeRun, RunDetails } from '../../shared/contract/runs.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { openPipeline } from '../../shared/pipeline/parse.ts'
import { nodeOf, type Pipeline } from '../../shared/pipeline/schema.ts'

export interface NamedNodeRun extends NodeRun {
  title: string
  /** Whether its rows out are rows that were refused, as those of a load are. */
  isLoad: boolean
}

/** The nodes of a run in the order of its document, with the names they had there; by id where the document is not known. */
export function inFlow({ document, nodes }: RunDetails): NamedNodeRun[] {
  const pipeline = document === null ? undefined : read(document)
  const places = Object.keys(pipeline?.nodes ?? {})
  const placeOf = ({ node }: NodeRun) => places.indexOf(node)
  return [...nodes]
    .sort((a, b) => placeOf(a) - placeOf(b))
    .map((run) => {
      const node = pipeline && nodeOf(pipeline, run.node)
      return {
        ...run,
        title: node?.title ?? run.node,
        isLoad: registry.get(node?.kind ?? '')?.category === 'load',
      }
    })
}

function read(text: string): Pipeline | undefined {
  try {
    return openPipeline(text, registry).pipeline
  } catch {
    // A document of a newer version: its nodes are listed by id.
    return undefined
  }
}
