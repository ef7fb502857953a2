import '@xyflow/react/dist/style.css'
import { Background, Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react'
import { useMemo } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { changeDocument, usePipeline } from '../stores/documents.ts'
import { useNodeProgress } from '../stores/runs.ts'
import { select, useSelection } from '../stores/selection.ts'
import { edgeId } from './edges.ts'

type Card = Node<{ document: string; title: string; kind: string }, 'card'>

function CardView({ id, data, selected }: NodeProps<Card>) {
  const progress = useNodeProgress(data.document, id)
  const definition = registry.get(data.kind)
  return (
    <div
      style={{
        border: `1px solid ${selected ? 'var(--busy)' : 'var(--hairline)'}`,
        padding: 8,
        background: 'var(--surface-0)',
      }}
    >
      {definition?.inputs.map((port) => (
        <Handle key={port.name} id={port.name} type="target" position={Position.Left} />
      ))}
      {data.title} {progress?.state} {progress?.counts.rowsOut}
      {definition?.outputs.map((port) => (
        <Handle key={port.name} id={port.name} type="source" position={Position.Right} />
      ))}
    </div>
  )
}

const nodeTypes = { card: CardView }

/** The graph of a document. */
export function Canvas({ document }: { document: string }) {
  const pipeline = usePipeline(document)
  const selection = useSelection(document)
  const nodes = useMemo(
    () =>
      Object.entries(pipeline?.nodes ?? {}).map(([id, node]): Card => {
        const [x, y] = pipeline?.layout[id] ?? [0, 0]
        return {
          id,
          type: 'card',
          position: { x, y },
          selected: selection.nodes.includes(id),
          data: { document, title: node.title ?? id, kind: node.kind },
        }
      }),
    [pipeline, selection, document],
  )
  const edges = useMemo(
    () =>
      (pipeline?.edges ?? []).map((edge) => ({
        id: edgeId(edge),
        source: edge.from,
        target: edge.to,
        sourceHandle: edge.fromPort ?? null,
        targetHandle: edge.toPort ?? null,
      })),
    [pipeline],
  )
  return (
    <div data-canvas style={{ height: '100%' }}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        onNodeClick={(_, node) => select(document, { nodes: [node.id] })}
        onNodeDragStop={(_, node) =>
          changeDocument(document, (before) => ({
            ...before,
            layout: { ...before.layout, [node.id]: [node.position.x, node.position.y] },
          }))
        }
      >
        <Background />
        <Controls />
      </ReactFlow>
    </div>
  )
}
