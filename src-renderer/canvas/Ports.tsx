import { Handle, Position, type ReactFlowState, useStore } from '@xyflow/react'
import { memo } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { handlesOf, orderPort } from './flow-nodes.ts'
import { portTop } from './metrics.ts'
import classes from './Ports.module.css'
import { farZoom } from './view.ts'

/** The ends that edges are drawn from and to: rows at the sides, order only above and below. */
export const Ports = memo(function Ports({ kind }: { kind: string }) {
  const { inputs = [], outputs = [] } = registry.get(kind) ?? {}
  if (useStore(outOfReach)) return <Marks kind={kind} />
  return (
    <>
      {inputs.map((port, index) => (
        <Handle
          key={`in ${port.name}`}
          id={port.name}
          type="target"
          position={Position.Left}
          className={classes.port}
          data-many={port.many || port.named || undefined}
          style={{ top: portTop(inputs, index) }}
          title={port.title}
        />
      ))}
      {inputs.length > 1 &&
        inputs.map(({ name }, index) => (
          <span key={`name ${name}`} className={classes.name} style={{ top: portTop(inputs, index) }}>
            {name}
          </span>
        ))}
      {outputs.map((port, index) => (
        <Handle
          key={`out ${port.name}`}
          id={port.name}
          type="source"
          position={Position.Right}
          className={classes.port}
          style={{ top: portTop(outputs, index) }}
          title={port.title}
        />
      ))}
      <Handle id={orderPort} type="target" position={Position.Top} className={classes.order} title="Runs after" />
      <Handle
        id={orderPort}
        type="source"
        position={Position.Bottom}
        className={classes.order}
        title="Drag to what runs afterwards; no rows pass"
      />
    </>
  )
})

/** From afar nothing is connected, and ports are only where edges end. */
const outOfReach = ({ transform: [, , zoom], connection }: ReactFlowState) => zoom < farZoom && !connection.inProgress

/**
 * The same ends as React Flow measures them, by class and data, and no more: those that one can draw from listen to every move of the view, and with a
 * thousand cards in it that would be most of the work.
 */
function Marks({ kind }: { kind: string }) {
  return (
    <div className={classes.marks}>
      {handlesOf(kind).map(({ id, type, position, x, y, width, height }) => (
        <div
          key={`${type} ${id}`}
          className={type}
          data-handleid={id}
          data-handlepos={position}
          style={{ margin: `${y}px 0 0 ${x}px`, width, height }}
        />
      ))}
    </div>
  )
}
