import { type NodeProps, useStore } from '@xyflow/react'
import { memo } from 'react'
import { registry } from '../../shared/nodes/registry.ts'
import { useLineages } from '../stores/lineage.ts'
import { hint } from '../ui/hint.ts'
import classes from './Card.module.css'
import { stateWords } from './card-state.ts'
import { cardElement } from './elements.ts'
import type { CardNode } from './flow-nodes.ts'
import { iconOf } from './icons.ts'
import { markOf } from './lineage-mark.ts'
import { Ports } from './Ports.tsx'
import { StateIcon } from './StateIcon.tsx'
import { useCanvas } from './state.ts'
import { TitleField } from './TitleField.tsx'
import { summaryOf, useCardLooks, useNode } from './useCard.ts'
import { tinyZoom } from './view.ts'

/** A node of the graph. Drawn anew only when something about this node changes, not when it or others move. */
export const Card = memo(
  function Card({ id, data: { document }, selected }: NodeProps<CardNode>) {
    const node = useNode(document, id)
    const looks = useCardLooks(document, id)
    const mark = useLineages(({ shown }) => markOf(shown[document]?.nodes, id))
    const typing = useCanvas(({ typing: at }) => at?.part === 'node' && at.id === id && at.document === document)
    const tiny = useStore(({ transform }) => transform[2] < tinyZoom)
    if (!node) return null
    const definition = registry.get(node.kind)
    const Icon = iconOf(definition?.icon)
    const title = node.title ?? id
    const summary = summaryOf(node)
    const { state, message, counts, time } = looks
    const word = stateWords[state]
    const label = [title, definition?.title ?? node.kind, word, message, counts?.long, time]
    return (
      <article
        id={cardElement(id)}
        aria-label={label.filter((part) => part).join(', ')}
        className={classes.card}
        data-category={definition?.category}
        data-state={state}
        data-ports={definition && definition.inputs.length > 1 ? 'several' : undefined}
        data-selected={selected || undefined}
        data-mark={mark}
      >
        {!tiny && (
          <>
            <div className={classes.head}>
              <Icon className={classes.kind} size={16} stroke={1.6} aria-hidden />
              {typing ? (
                <TitleField document={document} id={id} title={title} />
              ) : (
                <span className={classes.title} title={title}>
                  {title}
                </span>
              )}
            </div>
            <div className={classes.summary} title={summary}>
              {summary === '' ? (definition?.title ?? node.kind) : summary}
            </div>
            <div className={classes.foot}>
              <StateIcon state={state} />
              <span className={classes.word}>{word}</span>
              {time !== '' && <span className={classes.time}>{time}</span>}
              {counts && (
                <span className={classes.count} title={counts.long}>
                  {counts.short}
                </span>
              )}
            </div>
            {message !== undefined && (
              <div className={classes.message} data-state={state} {...hint(message, { place: 'bottom' })}>
                <span>{message}</span>
              </div>
            )}
          </>
        )}
        {definition && <Ports kind={node.kind} />}
      </article>
    )
  },
  (before, after) => before.id === after.id && before.data === after.data && before.selected === after.selected,
)
