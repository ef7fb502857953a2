import { type EdgeProps, useInternalNode } from '@xyflow/react'
import { memo } from 'react'
import { curve, manyMark, noneMark, oneMark, relationEnds } from './ends.ts'
import type { BoxNode, RelationEdge } from './flow.ts'
import { useRelationMark } from './marks.ts'
import classes from './RelationView.module.css'

/** A foreign key: a crow's foot where it is held, a bar where it points, a circle where it may point at nothing. */
export const RelationView = memo(function RelationView({ source, target, data }: EdgeProps<RelationEdge>) {
  const from = useInternalNode<BoxNode>(source)
  const to = useInternalNode<BoxNode>(target)
  const mark = useRelationMark(source, target)
  if (!data || !from || !to) return null
  const { relation, keysOnly } = data
  const ends = relationEnds(
    relation,
    { box: from.data.box, place: [from.internals.positionAbsolute.x, from.internals.positionAbsolute.y] },
    { box: to.data.box, place: [to.internals.positionAbsolute.x, to.internals.positionAbsolute.y] },
    keysOnly,
  )
  const none = noneMark(ends.to)
  return (
    <g className={classes.relation} data-mark={mark}>
      <path d={curve(ends.from, ends.to)} />
      <path d={manyMark(ends.from)} />
      <path d={oneMark(ends.to)} />
      {relation.optional && <circle cx={none.x} cy={none.y} r={3.5} />}
    </g>
  )
})
