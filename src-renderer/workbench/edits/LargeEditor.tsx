import { Button, Textarea } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { CellText } from '../../../shared/contract/results.ts'
import { LazyEditor } from '../../editors/LazyEditor.tsx'
import { shortType } from '../../grid/format.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import classes from './edits.module.css'
import { closeLarge, type LargeCell, useLargeCell } from './large.ts'
import { stage } from './staged.ts'

/** Changes one cell where there is room: long texts, JSON, lists, bytes. */
export function LargeEditor() {
  const cell = useLargeCell((state) => state.cell)
  const name = cell?.editing.table.columns[cell.place]
  return (
    <Dialog
      opened={cell !== null}
      onClose={closeLarge}
      size="lg"
      title={cell && `${name} · ${shortType(cell.editing.type(cell.place))}`}
      closeLabel="Close the editor"
    >
      {cell && <CellForm cell={cell} label={name ?? ''} />}
    </Dialog>
  )
}

interface CellFormProps {
  cell: LargeCell
  label: string
}

function CellForm({ cell, label }: CellFormProps) {
  const { editing, row, place, whole } = cell
  const [text, setText] = useState<CellText>(cell.text ?? null)
  const type = editing.type(place)
  const take = (typed: string) => setText(typed === '' && !editing.takesEmpty(place) ? null : typed)
  const problem = editing.problem(row, place, text)
  const keep = (kept: CellText) => {
    stage(editing.result, (edits) => editing.changed(edits, row, place, kept, whole))
    closeLarge()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    if (problem === undefined) keep(text)
  }
  return (
    <div className={classes.large} onKeyDownCapture={onKeyDown}>
      {type.kind === 'json' || type.kind === 'list' ? (
        <div className={classes.code}>
          <LazyEditor
            label={label}
            language="json"
            value={text ?? ''}
            onChange={take}
            placeholder="NULL"
            autoFocus
            invalid={problem !== undefined}
            lines={14}
            fill
          />
        </div>
      ) : (
        <Textarea
          aria-label={label}
          data-autofocus
          rows={14}
          value={text ?? ''}
          placeholder={text === null ? 'NULL' : 'empty text'}
          onChange={({ currentTarget }) => take(currentTarget.value)}
        />
      )}
      <p className={classes.problem} role="status">
        {problem ?? ''}
      </p>
      <div className={classes.actions}>
        <Button size="xs" variant="default" onClick={() => keep(null)}>
          Set to NULL
        </Button>
        <span className={classes.spacer} />
        <Button size="xs" variant="default" onClick={closeLarge}>
          Cancel
        </Button>
        <Button size="xs" disabled={problem !== undefined} onClick={() => keep(text)}>
          Keep
        </Button>
      </div>
    </div>
  )
}
