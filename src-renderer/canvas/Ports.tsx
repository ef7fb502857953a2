import { Handle, Position } from '@xyflow/react'
import { memo } from 'react'
import type { PortSpec } from '../../shared/nodes/define.ts'
import { orderPort } from './flow-nodes.ts'
import { portTop } from './metrics.ts'
import classes from './Ports.module.css'

/** The ends that edges are drawn from and to: rows at the sides, order only above and below. */
export const Ports = memo(function Ports({
  inputs,
  outputs,
}: {
  inputs: readonly PortSpec[]
  outputs: readonly PortSpec[]
}) {
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
