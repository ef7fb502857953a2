import type { TablerIcon } from '@tabler/icons-react'
import classes from './inspector.module.css'

/** What the inspector shows, where that is no single node. */
export function PanelHeader({ icon: Icon, title, kind }: { icon: TablerIcon; title: string; kind: string }) {
  return (
    <div className={classes.header}>
      <span className={classes.kindIcon}>
        <Icon size={18} stroke={1.5} aria-hidden />
      </span>
      <div className={classes.headText}>
        <strong title={title}>{title}</strong>
        <div className={classes.kind}>{kind}</div>
      </div>
    </div>
  )
}
