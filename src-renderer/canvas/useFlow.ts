import type { EdgeChange, NodeChange } from '@xyflow/react'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { usePipeline } from '../stores/documents.ts'
import { select, selectionOf, useSelection } from '../stores/selection.ts'
import { type FlowEdge, FlowEdges } from './flow-edges.ts'
import { type FlowNode, FlowNodes, frameNode, type Live, noteNode, selectionFrom } from './flow-nodes.ts'
import { useFoundPlaces } from './state.ts'

export interface Flow {
  nodes: FlowNode[]
  edges: FlowEdge[]
  /** Ends a drag. @returns where what was dragged ended up */
  settle(): Live
  onNodesChange(changes: NodeChange<FlowNode>[]): void
  onEdgesChange(changes: EdgeChange<FlowEdge>[]): void
}

const nothingMoves: Live = {}

/**
 * A document as React Flow draws it. What is dragged moves here alone; the document learns of it at the end. What is picked is
 * kept in the store of selections, not here.
 */
export function useFlow(document: string): Flow {
  const pipeline = usePipeline(document)
  const selection = useSelection(document)
  const found = useFoundPlaces(document)
  const [live, setLive] = useState<Live>(nothingMoves)
  const latest = useRef<Live>(nothingMoves)
  const [nodeMaker] = useState(() => new FlowNodes(document))
  const [edgeMaker] = useState(() => new FlowEdges(document))
  const nodes = useMemo(
    () => (pipeline ? nodeMaker.make(pipeline, found, live, selection) : []),
    [pipeline, found, live, selection, nodeMaker],
  )
  const edges = useMemo(
    () => (pipeline ? edgeMaker.make(pipeline, selection.edges) : []),
    [pipeline, selection.edges, edgeMaker],
  )
  const drawn = useRef({ nodes, groups: pipeline?.groups })
  useLayoutEffect(() => {
    drawn.current = { nodes, groups: pipeline?.groups }
  }, [nodes, pipeline?.groups])
  // The same function while things move: React Flow tells every card and edge of it when it is given another one.
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      pickNodes(document, changes)
      const moves = changes.filter((change) => change.type === 'position' || change.type === 'dimensions')
      const { nodes: seen, groups } = drawn.current
      if (moves.length === 0 || !groups) return
      latest.current = moved(latest.current, moves, seen, groups)
      setLive(latest.current)
    },
    [document],
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<FlowEdge>[]) => {
      const { edges: before } = selectionOf(document)
      const after = toggled(before, changes)
      if (after !== before) select(document, { ...selectionOf(document), edges: after })
    },
    [document],
  )
  const settle = useCallback(() => {
    const last = latest.current
    latest.current = nothingMoves
    setLive(nothingMoves)
    return last
  }, [])
  return { nodes, edges, settle, onNodesChange, onEdgesChange }
}

function pickNodes(document: string, changes: readonly NodeChange<FlowNode>[]): void {
  const before = selectionOf(document)
  const all = [...before.nodes, ...before.notes.map(noteNode), ...before.groups.map(frameNode)]
  const after = toggled(all, changes)
  if (after === all) return
  select(document, { ...selectionFrom(after), edges: before.edges })
}

/** The same list when nothing was picked or left. */
function toggled(
  picked: readonly string[],
  changes: readonly (NodeChange<FlowNode> | EdgeChange<FlowEdge>)[],
): readonly string[] {
  const after = new Set(picked)
  for (const change of changes) {
    if (change.type !== 'select') continue
    if (change.selected) after.add(change.id)
    else after.delete(change.id)
  }
  const same = after.size === picked.length && picked.every((id) => after.has(id))
  return same ? picked : [...after]
}

type Move = Extract<NodeChange<FlowNode>, { type: 'position' | 'dimensions' }>

/** Where things are after some were dragged: a frame takes its nodes along. */
function moved(
  before: Live,
  changes: readonly Move[],
  nodes: readonly FlowNode[],
  groups: Readonly<Record<string, { nodes: string[] }>>,
): Live {
  const after = { ...before }
  const dragged = new Set(changes.map(({ id }) => id))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  for (const change of changes) {
    const node = byId.get(change.id)
    if (!node) continue
    if (change.type === 'dimensions') {
      // Only what is resized by hand says so; everything else has the size it was given. At its end the document knows.
      if (change.resizing === false) delete after[change.id]
      if (change.resizing && change.dimensions)
        after[change.id] = { ...node.position, ...after[change.id], ...change.dimensions }
      continue
    }
    if (!change.position) continue
    if (node.type !== 'frame') {
      after[change.id] = { ...after[change.id], ...change.position }
      continue
    }
    const dx = change.position.x - node.position.x
    const dy = change.position.y - node.position.y
    for (const member of groups[node.data.group]?.nodes ?? []) {
      const card = dragged.has(member) ? undefined : byId.get(member)
      if (card) after[member] = { x: card.position.x + dx, y: card.position.y + dy }
    }
  }
  return after
}
