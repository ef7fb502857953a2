import { useRef, useState } from 'react'
import { setTitle } from '../../shared/pipeline/edit-nodes.ts'
import { changeDocument } from '../stores/documents.ts'
import { stopTyping } from './state.ts'
import classes from './TitleField.module.css'
import { viewOf } from './views.ts'

/** The name on a card while it is typed: Enter keeps it, Escape leaves it as it was. */
export function TitleField({ document, id, title }: { document: string; id: string; title: string }) {
  return (
    <NameField
      document={document}
      label="Name"
      text={title}
      onDone={(text) => changeDocument(document, (pipeline) => setTitle(pipeline, id, text))}
    />
  )
}

interface NameFieldProps {
  document: string
  label: string
  text: string
  onDone(text: string): void
}

/** A name typed on the canvas itself. */
export function NameField({ document, label, text, onDone }: NameFieldProps) {
  const [typed, setTyped] = useState(text)
  const ended = useRef(false)
  // Leaving the field by a key takes the focus from it, which would end it once more.
  const end = (keep: boolean) => {
    if (ended.current) return
    ended.current = true
    stopTyping()
    if (keep && typed !== text) onDone(typed)
    viewOf(document)?.focus()
  }
  return (
    <input
      className={`nodrag nopan ${classes.field}`}
      aria-label={label}
      value={typed}
      maxLength={200}
      ref={focusAll}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter') end(true)
        if (event.key === 'Escape') end(false)
      }}
    />
  )
}

/** Once, when the field appears: typing replaces the name. */
function focusAll(field: HTMLInputElement | null): void {
  field?.focus({ preventScroll: true })
  field?.select()
}
