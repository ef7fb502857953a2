import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { asAppError } from '../api/client.ts'
import { viewOf } from '../canvas/views.ts'
import { useDocument } from '../stores/documents.ts'
import { closeDialog, useWindow } from '../stores/window.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { showError } from '../ui/notify.ts'
import { type DiffLine, diffLines } from './diff-lines.ts'
import classes from './files.module.css'
import { keepMine, pipelineOnDisk, reloadFile } from './outside.ts'
import { baseName } from './paths.ts'

/** What reloading would change in the document, in words. */
export function CompareDialog() {
  const dialog = useWindow((state) => state.dialog)
  const document = dialog?.kind === 'compare' ? (dialog.document ?? null) : null
  return (
    <Dialog opened={document !== null} onClose={closeDialog} title="What differs on disk" size="lg">
      {document !== null && <Comparison document={document} />}
    </Dialog>
  )
}

function Comparison({ document }: { document: string }) {
  const opened = useDocument(document)
  const path = opened?.path ?? ''
  const onDisk = useQuery({
    queryKey: ['on-disk', path, opened?.outside?.hash],
    queryFn: () => pipelineOnDisk(path),
    gcTime: 0,
  })
  if (!opened) return null
  const settle = async (work: Promise<void>) => {
    try {
      await work
      closeDialog()
      // What opened the dialog goes away with it.
      viewOf(document)?.focus()
    } catch (thrown) {
      showError(asAppError(thrown), 'The file could not be read')
    }
  }
  if (onDisk.error) return <Text size="sm">{asAppError(onDisk.error).message}</Text>
  if (!onDisk.data) return <Text size="sm">Reading {baseName(path)}…</Text>
  const lines = diffLines(opened.history.present, onDisk.data)
  return (
    <>
      {lines.length === 0 ? (
        <Text size="sm">Both say the same; only the formatting of the file differs.</Text>
      ) : (
        <ul className={classes.diff} aria-label="Differences">
          {lines.map((line) => (
            <DiffItem key={`${line.sign} ${line.text}`} line={line} />
          ))}
        </ul>
      )}
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={() => void settle(keepMine(document))}>
          Keep mine
        </Button>
        <Button onClick={() => void settle(reloadFile(document))}>Reload</Button>
      </Group>
    </>
  )
}

const signs = { added: '+', removed: '−', changed: '~' } as const
const words = { added: 'On disk only:', removed: 'Here only:', changed: 'Differs:' } as const

function DiffItem({ line: { sign, text, details } }: { line: DiffLine }) {
  return (
    <li data-sign={sign}>
      <span className={classes.sign} aria-hidden>
        {signs[sign]}
      </span>
      <span>
        {words[sign]} {text}
      </span>
      {details.map(({ path, before, after }) => (
        <div key={path} className={classes.detail}>
          <code>{path}</code>
          {before !== undefined && <pre data-sign="removed">{before}</pre>}
          {after !== undefined && <pre data-sign="added">{after}</pre>}
        </div>
      ))}
    </li>
  )
}
