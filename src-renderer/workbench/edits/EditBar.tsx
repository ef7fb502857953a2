import { Button } from '@mantine/core'
import { IconArrowBackUp, IconPencilOff, IconRowInsertBottom, IconTrash } from '@tabler/icons-react'
import { IconButton } from '../../ui/IconButton.tsx'
import type { TableEditing } from './editing.ts'
import classes from './edits.module.css'
import { countOf, useSheet } from './staged.ts'

/** Below the rows of a table: what can be done with them, and what is staged. */
export function EditBar({ editing, reason }: { editing: TableEditing | undefined; reason: string | undefined }) {
  if (editing) return <Tools editing={editing} />
  if (reason === undefined) return null
  return (
    <p className={classes.reason}>
      <IconPencilOff size={14} stroke={1.5} aria-hidden />
      <span>Cells cannot be changed: {reason}</span>
    </p>
  )
}

function Tools({ editing }: { editing: TableEditing }) {
  const { table, result } = editing
  const { edits, past } = useSheet(result)
  const count = countOf(edits)
  return (
    <section className={classes.bar} aria-label={`Changes of ${table.table}`}>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconRowInsertBottom size={14} aria-hidden />}
        onClick={() => editing.addRow()}
      >
        Add row
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => editing.removeRows()}
      >
        Delete rows
      </Button>
      <IconButton
        label="Undo the last change"
        icon={IconArrowBackUp}
        size="sm"
        disabled={past.length === 0}
        onClick={() => editing.undo()}
      />
      <span className={classes.spacer} />
      <span role="status" className={count === 0 ? classes.dim : undefined}>
        {count === 0 ? `Type in a cell to change ${table.table}` : `${words(count)}, not applied`}
      </span>
      {count > 0 && (
        <>
          <Button size="compact-xs" variant="default" onClick={() => void editing.discard()}>
            Discard
          </Button>
          <Button size="compact-xs" onClick={() => editing.review()}>
            Review and apply
          </Button>
        </>
      )}
    </section>
  )
}

const words = (count: number) => (count === 1 ? '1 row changed' : `${count} rows changed`)
