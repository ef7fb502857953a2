import { create } from 'zustand'
import type { NodeLook } from '../../shared/contract/pipelines.ts'
import type { ResultSource } from '../../shared/contract/results.ts'
import { registry } from '../../shared/nodes/registry.ts'
import { nodeOf } from '../../shared/pipeline/schema.ts'
import { usePipeline } from '../stores/documents.ts'
import { useNodeLook } from '../stores/looks.ts'
import { type NodeProgress, type ShownRun, useShownRun } from '../stores/runs.ts'
import { useSelections } from '../stores/selection.ts'

interface OutputsState {
  /** By document: the node that stays shown, whichever is picked. */
  pinned: Readonly<Record<string, string>>
  /** By document and node: the port that is shown. */
  ports: Readonly<Record<string, string>>
}

export const useOutputs = create<OutputsState>()(() => ({ pinned: {}, ports: {} }))

const portKey = (document: string, node: string) => JSON.stringify([document, node])

export function showPort(document: string, node: string, port: string): void {
  useOutputs.setState(({ ports }) => ({ ports: { ...ports, [portKey(document, node)]: port } }))
}

/** Keeps a node's results in the panel while others are picked; null lets the panel follow the picked node again. */
export function pinNode(document: string, node: string | null): void {
  useOutputs.setState(({ pinned: { [document]: _before, ...pinned } }) => ({
    pinned: node === null ? pinned : { ...pinned, [document]: node },
  }))
}

/** The node whose results the panel shows: the pinned one, else the one that is picked. */
export function useShownNode(document: string): string | undefined {
  const pinned = useOutputs((state) => state.pinned[document])
  const picked = useSelections(({ selections }) => selections[document]?.nodes)
  const pipeline = usePipeline(document)
  const node = pinned ?? (picked?.length === 1 ? picked[0] : undefined)
  return node !== undefined && pipeline && nodeOf(pipeline, node) ? node : undefined
}

export interface Output {
  node: string
  kind: string
  port: string
  /** Output ports of the node's kind. */
  ports: readonly { name: string; title: string }[]
  /** Where its rows are; undefined while there are none. */
  source: ResultSource | undefined
  run: ShownRun | undefined
  progress: NodeProgress | undefined
  look: NodeLook | undefined
  /** The node is set up otherwise than when its rows were made. */
  stale: boolean
}

/** What there is to see of the shown node. */
export function useOutput(document: string): Output | undefined {
  const node = useShownNode(document)
  const pipeline = usePipeline(document)
  const look = useNodeLook(document, node ?? '')
  const run = useShownRun(document)
  const chosen = useOutputs(({ ports }) => ports[portKey(document, node ?? '')])
  const kind = pipeline && node !== undefined ? nodeOf(pipeline, node)?.kind : undefined
  if (node === undefined || kind === undefined) return undefined
  const ports = registry.get(kind)?.outputs ?? []
  const port = ports.find(({ name }) => name === chosen)?.name ?? ports[0]?.name ?? 'out'
  const progress = run?.nodes[node]
  const ran = run?.document && nodeOf(run.document, node)
  const stale =
    ran !== undefined && pipeline !== undefined && JSON.stringify(ran) !== JSON.stringify(nodeOf(pipeline, node))
  const kept = look?.kept?.find((rows) => rows.port === port)
  const shown = run && progress && ['running', 'completed', 'cancelling'].includes(progress.state)
  const useKept = kept && (!shown || stale)
  const ofRun = shown && ports.length > 0 ? { run: run.id, node, port } : undefined
  const source = useKept ? { run: kept.runId, node: kept.node, port } : ofRun
  return { node, kind, port, ports, source, run, progress, look, stale: stale && !useKept }
}
