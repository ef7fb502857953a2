import { registry } from '../../shared/nodes/registry.ts'
import { snap } from '../../shared/pipeline/edit-arrange.ts'
import type { Parts } from '../../shared/pipeline/edit-nodes.ts'
import { fragmentOf, removeParts, topLeft } from '../../shared/pipeline/edit-parts.ts'
import { formatPipeline } from '../../shared/pipeline/format.ts'
import { changeDocument, documentOf } from '../stores/documents.ts'
import { select, selectionOf } from '../stores/selection.ts'
import { addFragment, addNoteAt, addReadyNode, placesOf } from './actions.ts'
import { cardHeight, cardWidth } from './metrics.ts'
import { readPasted, usualConnection } from './pasted.ts'
import { viewOf } from './views.ts'

const hasParts = ({ nodes, notes, groups }: Parts) => nodes.length + notes.length + groups.length > 0

/** What is picked, as text: a pipeline of its own. Undefined while nothing that can be copied is picked. */
export function copiedText(document: string): string | undefined {
  const pipeline = documentOf(document)?.history.present
  const selection = selectionOf(document)
  if (!pipeline || !hasParts(selection)) return undefined
  return formatPipeline(fragmentOf(pipeline, selection, placesOf(document)), registry)
}

/** Takes what is picked out of the document; a frame takes its nodes along. */
export function cutPicked(document: string): void {
  const selection = selectionOf(document)
  changeDocument(document, (pipeline) => {
    const framed = selection.groups.flatMap((id) => pipeline.groups[id]?.nodes ?? [])
    return removeParts(pipeline, { ...selection, nodes: [...selection.nodes, ...framed] })
  })
  select(document, {})
}

/** Puts a text from the clipboard where the pointer is, as what it is. @param html the same as a page, where there is one @throws AppError DOC_* */
export function pasteText(document: string, text: string, html = ''): void {
  const pipeline = documentOf(document)?.history.present
  const view = viewOf(document)
  if (!pipeline || !view) return
  const pasted = readPasted(text, usualConnection(pipeline), /<table\b/i.test(html))
  const [x, y] = view.pointer()
  if (pasted?.type === 'node') addReadyNode(document, pasted.node, [x - cardWidth / 2, y - cardHeight / 2])
  if (pasted?.type === 'note') addNoteAt(document, [x, y], pasted.text)
  if (pasted?.type === 'nodes') {
    const [left, top] = topLeft(pasted.fragment) ?? [0, 0]
    addFragment(document, pasted.fragment, [snap(x - left), snap(y - top)])
  }
}

/** Adds what is picked once more, a little lower and to the right. */
export function duplicatePicked(document: string): void {
  const pipeline = documentOf(document)?.history.present
  const selection = selectionOf(document)
  if (pipeline && hasParts(selection))
    addFragment(document, fragmentOf(pipeline, selection, placesOf(document)), [40, 40])
}
