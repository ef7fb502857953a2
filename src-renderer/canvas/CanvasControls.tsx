import {
  IconFocusCentered,
  IconMap2,
  IconMinus,
  IconNote,
  IconPlus,
  IconSearch,
  IconSitemap,
  type TablerIcon,
} from '@tabler/icons-react'
import { useStore } from '@xyflow/react'
import { commandOf } from '../commands/index.ts'
import { perform } from '../commands/perform.ts'
import { useSettings } from '../stores/settings.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './CanvasControls.module.css'

/** Zoom, fit, arrange, find: what concerns the canvas as a whole. */
export function CanvasControls({ document }: { document: string }) {
  const minimap = useSettings(({ layout }) => layout['canvas.minimap'] !== false)
  return (
    <div className={classes.controls} role="toolbar" aria-label="Canvas view" data-document={document}>
      <Control command="canvas.zoomOut" icon={IconMinus} />
      <Zoom />
      <Control command="canvas.zoomIn" icon={IconPlus} />
      <Control command="canvas.fit" icon={IconFocusCentered} />
      <span className={classes.line} />
      <Control command="canvas.layout" icon={IconSitemap} />
      <Control command="canvas.note" icon={IconNote} />
      <Control command="canvas.find" icon={IconSearch} />
      <span data-minimap>
        <Control command="canvas.minimap" icon={IconMap2} pressed={minimap} />
      </span>
    </div>
  )
}

function Control({ command: id, icon, pressed }: { command: string; icon: TablerIcon; pressed?: boolean }) {
  const command = commandOf(id)
  if (!command) return null
  return (
    <IconButton
      size="sm"
      label={command.title}
      icon={icon}
      shortcut={command.keys?.[0]}
      position="top"
      {...(pressed !== undefined && { pressed })}
      onClick={() => void perform(command)}
    />
  )
}

function Zoom() {
  const percent = useStore(({ transform }) => Math.round(transform[2] * 100))
  const reset = commandOf('canvas.reset')
  return (
    <button
      type="button"
      className={classes.zoom}
      aria-label={`Zoom ${percent} %, reset`}
      onClick={() => reset && void perform(reset)}
    >
      {percent} %
    </button>
  )
}
