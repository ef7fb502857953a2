import { IconArrowBackUp, IconArrowForwardUp, IconDeviceFloppy } from '@tabler/icons-react'
import { save } from '../commands/file.ts'
import { redo, undo } from '../commands/undo.ts'
import { toggleBottom, toggleLeft, toggleRight } from '../commands/view.ts'
import { shortPath } from '../files/paths.ts'
import { RunBar } from '../runs/RunBar.tsx'
import { isUnsaved, useDocument } from '../stores/documents.ts'
import { useOwnFolder } from '../stores/program.ts'
import { useWindow } from '../stores/window.ts'
import { CommandButton } from '../ui/CommandButton.tsx'
import { ErrorBoundary } from '../ui/ErrorBoundary.tsx'
import classes from './App.module.css'

/** Above the canvas: where the pipeline is kept, undo and redo, Run or Stop, and what is shown. */
export function Toolbar({ document }: { document: string }) {
  const regions = useWindow((state) => state.regions)
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Pipeline" data-region>
      <div className={classes.toolbarGroup}>
        <CommandButton command={toggleLeft} label="Palette" pressed={regions.left} />
        <CommandButton command={save} icon={IconDeviceFloppy} />
        <CommandButton command={undo} icon={IconArrowBackUp} />
        <CommandButton command={redo} icon={IconArrowForwardUp} />
      </div>
      <span className={classes.divider} aria-hidden />
      <div className={classes.runBar}>
        <ErrorBoundary region="run bar">
          <RunBar document={document} />
        </ErrorBoundary>
      </div>
      <Place document={document} />
      <div className={classes.toolbarGroup}>
        <CommandButton command={toggleBottom} label="Results" pressed={regions.bottom} />
        <CommandButton command={toggleRight} label="Inspector" pressed={regions.right} />
      </div>
    </div>
  )
}

/** The file, or that there is none yet. */
function Place({ document }: { document: string }) {
  const opened = useDocument(document)
  const own = useOwnFolder()
  if (!opened) return null
  const { path, olderVersion } = opened
  const state = path === null ? 'Not saved yet' : isUnsaved(opened) ? 'Edited' : ''
  return (
    <div className={classes.place}>
      {olderVersion !== undefined && (
        <span className={classes.older} title="Saving a change brings it to today's version.">
          format version {olderVersion}
        </span>
      )}
      {state !== '' && <span className={classes.state}>{state}</span>}
      {path !== null && (
        <span className={classes.path} title={path}>
          <bdi dir="ltr">{shortPath(path, own)}</bdi>
        </span>
      )}
    </div>
  )
}
