import { CloseButton, VisuallyHidden } from '@mantine/core'
import { activateDocument, closeDocument, isUnsaved, useDocuments } from '../stores/documents.ts'
import classes from './App.module.css'

/** One tab for each open pipeline; a dot marks unsaved work. */
export function Tabs() {
  const { documents, order, active } = useDocuments()
  return (
    <div className={classes.tabs} role="tablist" aria-label="Open pipelines">
      {order.map((id) => {
        const document = documents[id]
        if (!document) return null
        const { name } = document.history.present
        const unsaved = isUnsaved(document)
        return (
          <div key={id} className={classes.tab} data-active={id === active || undefined}>
            <button
              type="button"
              role="tab"
              aria-selected={id === active}
              className={classes.tabButton}
              title={document.path ?? 'Not saved yet'}
              onClick={() => activateDocument(id)}
            >
              {name}
              {unsaved && (
                <>
                  <span aria-hidden> ●</span>
                  <VisuallyHidden> unsaved</VisuallyHidden>
                </>
              )}
            </button>
            <CloseButton size="xs" aria-label={`Close ${name}`} onClick={() => closeDocument(id)} />
          </div>
        )
      })}
    </div>
  )
}
