import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo, useRef, useState } from 'react'
import { changeNote } from '../../shared/pipeline/edit-frames.ts'
import { changeDocument, useDocuments } from '../stores/documents.ts'
import { noteElement } from './elements.ts'
import type { NoteNode } from './flow-nodes.ts'
import { smallestNote } from './metrics.ts'
import classes from './NoteView.module.css'
import { stopTyping, useCanvas } from './state.ts'
import { viewOf } from './views.ts'

/** A piece of paper: plain text, any size. */
export const NoteView = memo(
  function NoteView({ data: { document, note: id }, selected }: NodeProps<NoteNode>) {
    const note = useDocuments(({ documents }) => documents[document]?.history.present.notes[id])
    const typing = useCanvas(({ typing: at }) => at?.part === 'note' && at.id === id && at.document === document)
    if (!note) return null
    return (
      <article
        id={noteElement(id)}
        aria-label={`Note: ${note.text === '' ? 'empty' : note.text}`}
        className={classes.note}
        data-color={note.color ?? 'yellow'}
        data-selected={selected || undefined}
      >
        <NodeResizer
          isVisible={selected}
          minWidth={smallestNote[0]}
          minHeight={smallestNote[1]}
          lineClassName={classes.line}
          handleClassName={classes.handle}
          onResizeEnd={(_, { x, y, width, height }) =>
            changeDocument(document, (pipeline) =>
              changeNote(pipeline, id, {
                at: [Math.round(x), Math.round(y)],
                size: [Math.round(width), Math.round(height)],
              }),
            )
          }
        />
        {typing ? (
          <TextField document={document} id={id} text={note.text} />
        ) : (
          <p className={classes.text}>{note.text}</p>
        )}
      </article>
    )
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
)

function TextField({ document, id, text }: { document: string; id: string; text: string }) {
  const [typed, setTyped] = useState(text)
  const ended = useRef(false)
  const end = () => {
    if (ended.current) return
    ended.current = true
    stopTyping()
    changeDocument(document, (pipeline) => changeNote(pipeline, id, { text: typed }))
  }
  return (
    <textarea
      className={`nodrag nopan nowheel ${classes.field}`}
      aria-label="Text of the note"
      placeholder="Write a note"
      value={typed}
      ref={(field) => field?.focus({ preventScroll: true })}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
      onBlur={end}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key !== 'Escape') return
        end()
        viewOf(document)?.focus()
      }}
    />
  )
}
