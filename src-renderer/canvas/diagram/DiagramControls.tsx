import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react'
import { useReactFlow, useStore } from '@xyflow/react'
import { IconButton } from '../../ui/IconButton.tsx'
import classes from '../CanvasControls.module.css'

/** Zoom and fit. */
export function DiagramControls() {
  const flow = useReactFlow()
  const percent = useStore(({ transform }) => Math.round(transform[2] * 100))
  return (
    <div className={classes.controls} role="toolbar" aria-label="Diagram view">
      <IconButton
        size="sm"
        label="Zoom out"
        icon={IconMinus}
        shortcut="-"
        position="top"
        onClick={() => void flow.zoomOut()}
      />
      <button
        type="button"
        className={classes.zoom}
        aria-label={`Zoom ${percent} %, reset`}
        onClick={() => void flow.zoomTo(1)}
      >
        {percent} %
      </button>
      <IconButton
        size="sm"
        label="Zoom in"
        icon={IconPlus}
        shortcut="+"
        position="top"
        onClick={() => void flow.zoomIn()}
      />
      <IconButton
        size="sm"
        label="Fit into the window"
        icon={IconFocusCentered}
        shortcut="0"
        position="top"
        onClick={() => void flow.fitView({ padding: 0.08, maxZoom: 1 })}
      />
    </div>
  )
}
