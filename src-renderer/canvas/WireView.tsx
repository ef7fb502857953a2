import { BaseEdge, type EdgeProps, getBezierPath } from '@xyflow/react'
import { memo } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { useDocuments } from '../stores/documents.ts'
import { useLineages } from '../stores/lineage.ts'
import { useLooks } from '../stores/looks.ts'
import { useRuns } from '../stores/runs.ts'
import { formatCount } from '../ui/format.ts'
import type { FlowEdge } from './flow-edges.ts'
import { markOf } from './lineage-mark.ts'
import { cardHeight } from './metrics.ts'
import { useCanvas } from './state.ts'
import classes from './WireView.module.css'

/** An edge: how many rows went along it, and what its ends are called where that says something. */
export const WireView = memo(function WireView(props: EdgeProps<FlowEdge>) {
  const { id, source, sourceX, sourceY, targetX, targetY, selected, data } = props
  const [path, middleX, middleY] = data?.order
    ? ([orderPath(props), 0, 0] as const)
    : getBezierPath({ ...props, curvature: 0.35 })
  const drop = useCanvas(({ dropEdge }) => dropEdge === id)
  const mark = useLineages(({ shown }) => markOf(shown[data?.document ?? '']?.edges, id))
  if (!data) return null
  return (
    <g
      className={classes.wire}
      data-order={data.order || undefined}
      data-wrong={data.wrong || undefined}
      data-selected={selected || undefined}
      data-drop={drop || undefined}
      data-mark={mark}
    >
      <BaseEdge path={path} interactionWidth={24} className={classes.path} />
      {data.fromPort !== null && (
        <Count document={data.document} node={source} port={data.fromPort} x={middleX} y={middleY} />
      )}
      {data.fromLabel !== '' && (
        <text className={classes.port} x={sourceX + 8} y={sourceY + 13}>
          {data.fromLabel}
        </text>
      )}
      {data.toLabel !== '' && (
        <text className={classes.port} x={targetX - 8} y={targetY + 13} textAnchor="end">
          {data.toLabel}
        </text>
      )}
    </g>
  )
})

type Ends = Pick<EdgeProps, 'sourceX' | 'sourceY' | 'targetX' | 'targetY'>

/** Pixels that a port stands out from its card. */
const reach = 4
/** Pixels between cards that a line needs to go from one to the other straight on. */
const clear = 16

/**
 * The line of an edge that only sets the order, with a tip where it arrives. Its ports are below the card and above the next, which is right for a
 * card that stands lower; to one that stands higher it goes up, and to one beside it in an arc below both: else it would turn around behind the cards.
 */
function orderPath({ sourceX, sourceY, targetX, targetY }: Ends): string {
  const curve = (from: number, leaving: number, arriving: number, to: number) => {
    const tip = to + 5 * Math.sign(arriving)
    return (
      `M ${sourceX} ${from} C ${sourceX} ${from + leaving} ${targetX} ${to + arriving} ${targetX} ${to} ` +
      `M ${targetX - 4} ${tip} L ${targetX} ${to} M ${targetX + 4} ${tip} L ${targetX} ${to}`
    )
  }
  if (targetY >= sourceY + clear) {
    const bend = (targetY - sourceY) / 2
    return curve(sourceY, bend, -bend, targetY)
  }
  const top = sourceY - cardHeight - 2 * reach
  const bottom = targetY + cardHeight + 2 * reach
  if (bottom + clear <= top) {
    const bend = (top - bottom) / 2
    return curve(top, -bend, bend, bottom)
  }
  const lowest = Math.max(sourceY, bottom) + 32
  return curve(sourceY, lowest - sourceY, lowest - bottom, bottom)
}

interface CountProps {
  document: string
  node: string
  port: string
  x: number
  y: number
}

/** Rows that left by a port: in the shown run, while it goes on and afterwards, else those kept of an earlier one. */
function Count({ document, node, port, x, y }: CountProps) {
  const first = useDocuments(
    ({ documents }) => registry.get(documents[document]?.history.present.nodes[node]?.kind ?? '')?.outputs[0]?.name,
  )
  const counted = useRuns(({ shown }) => {
    const counts = shown[document]?.nodes[node]?.counts
    if (!counts) return undefined
    return (
      counts.ports?.[port] ??
      (port === first ? counts.rowsOut : undefined) ??
      (port === 'rejects' ? counts.rejected : undefined)
    )
  })
  const busy = useRuns(({ shown }) => shown[document]?.nodes[node]?.state === 'running')
  const kept = useLooks(({ looks }) => looks[document]?.nodes[node]?.kept?.find((rows) => rows.port === port)?.rows)
  const rows = counted ?? kept
  if (rows === undefined) return null
  return (
    <text className={classes.count} data-busy={busy || undefined} x={x} y={y - 5} textAnchor="middle">
      {formatCount(rows)}
    </text>
  )
}
