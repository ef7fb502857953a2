import { registry } from '../../shared/nodes/registry.ts'
import { suggestConfig } from '../../shared/pipeline/edit-suggest.ts'
import { api } from '../api/client.ts'
import { completeStep, documentOf } from '../stores/documents.ts'

const underWay = new Map<string, Promise<void>>()

/**
 * Fills in settings of a new node where there is only one sensible choice, as part of the step that added it.
 * @param burst the name of that step
 */
export function suggestSettings(document: string, node: string, burst: string): void {
  const all = Promise.all([underWay.get(document), suggest(document, node, burst)]).then(() => undefined)
  underWay.set(document, all)
  void all.finally(() => underWay.get(document) === all && underWay.delete(document))
}

/** Resolves once the new nodes of a document have the settings that are suggested for them. */
export const suggested = (document: string): Promise<void> => underWay.get(document) ?? Promise.resolve()

async function suggest(document: string, node: string, burst: string): Promise<void> {
  const opened = documentOf(document)
  const kind = opened?.history.present.nodes[node]?.kind
  if (!opened || !registry.get(kind ?? '')?.form.some(({ editor }) => editor === 'connection')) return
  // Without the list of connections there is nothing to suggest; the form will say what is wrong.
  const known = await api.connections.known({ folder: opened.folder }).catch(() => [])
  completeStep(document, (pipeline) => suggestConfig(pipeline, registry, node, known), burst)
}
