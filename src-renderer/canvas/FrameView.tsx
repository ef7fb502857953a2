import type { NodeProps } from '@xyflow/react'
import { memo } from 'react'
import { changeGroup } from '../../shared/pipeline/edit-frames.ts'
import { changeDocument, useDocuments } from '../stores/documents.ts'
import { frameElement } from './elements.ts'
import classes from './FrameView.module.css'
import type { FrameNode } from './flow-nodes.ts'
import { useCanvas } from './state.ts'
import { NameField } from './TitleField.tsx'

/** A frame around some cards; its title moves them all. */
export const FrameView = memo(
  function FrameView({ data: { document, group: id }, selected }: NodeProps<FrameNode>) {
    const group = useDocuments(({ documents }) => documents[document]?.history.present.groups[id])
    const typing = useCanvas(({ typing: at }) => at?.part === 'group' && at.id === id && at.document === document)
    if (!group) return null
    const title = group.title === '' ? 'Group' : group.title
    return (
      <figure
        id={frameElement(id)}
        aria-label={`Group ${title}`}
        className={classes.frame}
        data-color={group.color ?? 'gray'}
        data-selected={selected || undefined}
      >
        <div className={classes.title} data-frame-title>
          {typing ? (
            <NameField
              document={document}
              label="Title"
              text={title}
              onDone={(text) =>
                changeDocument(document, (pipeline) => changeGroup(pipeline, id, { title: text.trim() }))
              }
            />
          ) : (
            title
          )}
        </div>
      </figure>
    )
  },
  (before, after) => before.data === after.data && before.selected === after.selected,
)
