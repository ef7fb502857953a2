import { RunBar } from '../runs/RunBar.tsx'
import classes from './App.module.css'

/** Above the canvas: Run, or Stop while something runs, and how it stands. */
export function Toolbar({ document }: { document: string }) {
  return (
    <div className={classes.toolbar}>
      <RunBar document={document} />
    </div>
  )
}
