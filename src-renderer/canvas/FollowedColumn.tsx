import { IconRoute, IconX } from '@tabler/icons-react'
import { traceColumn, useLineage } from '../stores/lineage.ts'
import { useTitles } from '../stores/titles.ts'
import { IconButton } from '../ui/IconButton.tsx'
import classes from './CanvasControls.module.css'

/** Why some cards stand aside, and the way to end it, whatever is shown below the canvas. */
export function FollowedColumn({ document }: { document: string }) {
  const shown = useLineage(document)
  const titleOf = useTitles(document)
  if (!shown) return null
  const { node, column } = shown.column
  return (
    <div className={classes.followed} role="status">
      <IconRoute size={14} aria-hidden />
      <span className={classes.followedName}>
        Lineage of {titleOf(node)}.{column}
      </span>
      <IconButton label="End the lineage" icon={IconX} size="sm" onClick={() => traceColumn(document, null)} />
    </div>
  )
}
