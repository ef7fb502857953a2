import { Button } from '@mantine/core'
import { IconFileDiff } from '@tabler/icons-react'
import { asAppError } from '../api/client.ts'
import { viewOf } from '../canvas/views.ts'
import { useDocument } from '../stores/documents.ts'
import { openDialog } from '../stores/window.ts'
import { showError } from '../ui/notify.ts'
import classes from './files.module.css'
import { keepMine, reloadFile } from './outside.ts'
import { baseName } from './paths.ts'
import { saveDocument } from './save.ts'

/** While the file on disk is not what the document came from: which of both shall be. */
export function OutsideBanner({ document }: { document: string }) {
  const opened = useDocument(document)
  if (!opened?.outside || opened.path === null) return null
  const gone = opened.outside.hash === null
  const doing = (work: Promise<unknown>) => {
    // The banner goes away, and the keys go on in the document.
    viewOf(document)?.focus()
    void work.catch((thrown) => showError(asAppError(thrown), 'The file could not be read'))
  }
  const name = baseName(opened.path)
  return (
    <div className={classes.banner} role="status">
      <IconFileDiff size={16} stroke={1.5} aria-hidden />
      <span className={classes.bannerText}>
        {gone ? `${name} was removed from the disk.` : `${name} was changed by another program.`}
      </span>
      {gone ? (
        <Button
          variant="default"
          size="compact-xs"
          onClick={() => doing(keepMine(document).then(() => saveDocument(document)))}
        >
          Save again
        </Button>
      ) : (
        <>
          <Button variant="default" size="compact-xs" onClick={() => openDialog('compare', document)}>
            Compare
          </Button>
          <Button variant="default" size="compact-xs" onClick={() => doing(keepMine(document))}>
            Keep mine
          </Button>
          <Button size="compact-xs" onClick={() => doing(reloadFile(document))}>
            Reload
          </Button>
        </>
      )}
    </div>
  )
}
