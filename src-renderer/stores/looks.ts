import { create } from 'zustand'
import type { Look, NodeLook } from '../../shared/contract/pipelines.ts'
import { api, asAppError } from '../api/client.ts'
import { documentOf, useDocuments } from './documents.ts'
import { useLink } from './link.ts'
import { paramsOf } from './params.ts'

interface LooksState {
  /** By document: columns and errors of every node, of the document as it was a moment ago. */
  looks: Readonly<Record<string, Look>>
  /** Documents that changed since. */
  stale: Readonly<Record<string, true>>
}

export const useLooks = create<LooksState>()(() => ({ looks: {}, stale: {} }))

export const useNodeLook = (document: string, node: string): NodeLook | undefined =>
  useLooks(({ looks }) => looks[document]?.nodes[node])

/** Milliseconds without a change before the databases are asked. */
const settle = 200
const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** Looks at the document anew, once it has not changed for a moment. */
export function lookSoon(document: string, wait = settle): void {
  clearTimeout(timers.get(document))
  useLooks.setState(({ stale }) => ({ stale: { ...stale, [document]: true } }))
  timers.set(
    document,
    setTimeout(() => void look(document), wait),
  )
}

async function look(id: string): Promise<void> {
  const document = documentOf(id)
  if (!document) return
  const { present } = document.history
  const request = { document: present, path: document.path, folder: document.folder, params: paramsOf(id), editor: id }
  try {
    const found = await api.pipelines.look(request)
    if (documentOf(id)?.history.present !== present) return
    useLooks.setState(({ looks, stale: { [id]: _fresh, ...stale } }) => ({ looks: { ...looks, [id]: found }, stale }))
  } catch (thrown) {
    const problem = asAppError(thrown)
    if (problem.code === 'RUN_CANCELLED') return
    useLooks.setState(({ looks }) => ({ looks: { ...looks, [id]: { nodes: {}, problem: problem.toJSON() } } }))
  }
}

/** Keeps looks up to date with the documents; called once. */
export function followDocuments(): void {
  useDocuments.subscribe(({ documents }, before) => {
    for (const [id, document] of Object.entries(documents)) {
      const earlier = before.documents[id]
      if (earlier?.history.present !== document.history.present || earlier.folder !== document.folder) {
        lookSoon(id, earlier ? settle : 0)
      }
    }
    for (const id of Object.keys(before.documents)) if (!documents[id]) forget(id)
  })
  useLink.subscribe(({ times }, before) => {
    if (times === before.times || before.times === 0) return
    for (const id of Object.keys(useDocuments.getState().documents)) lookSoon(id, 0)
  })
}

function forget(id: string): void {
  clearTimeout(timers.get(id))
  timers.delete(id)
  useLooks.setState(({ looks: { [id]: _look, ...looks }, stale: { [id]: _stale, ...stale } }) => ({ looks, stale }))
}
