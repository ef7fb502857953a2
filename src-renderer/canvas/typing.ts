import { frameNode, noteNode } from './flow-nodes.ts'
import { typeInto } from './state.ts'
import { viewOf } from './views.ts'

const partNode = { node: (id: string) => id, note: noteNode, group: frameNode }

/** Lets a name or text be typed where it stands, wherever the view is: what is out of sight or too small would not take the keys. */
export function typeInPlace(document: string, part: 'node' | 'note' | 'group', id: string): void {
  viewOf(document)?.approach(partNode[part](id))
  typeInto(document, part, id)
}
