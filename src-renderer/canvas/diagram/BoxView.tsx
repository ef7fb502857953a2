import { IconEye, IconKey, IconLink, IconTable } from '@tabler/icons-react'
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import type { DiagramColumn } from '../../../shared/contract/schema.ts'
import classes from './BoxView.module.css'
import type { BoxNode } from './flow.ts'
import { useBoxMark } from './marks.ts'
import { type Box, shownColumns } from './model.ts'

export const boxElement = (id: string): string => `table-${encodeURIComponent(id)}`

/** A table of a diagram: its name and its columns, keys marked. */
export const BoxView = memo(function BoxView({ id, data: { box, keysOnly } }: NodeProps<BoxNode>) {
  const mark = useBoxMark(id)
  const columns = shownColumns(box, keysOnly)
  const Shape = box.kind === 'view' || box.kind === 'materialized view' ? IconEye : IconTable
  return (
    <article
      id={boxElement(id)}
      className={classes.box}
      data-mark={mark}
      data-outside={box.outside || undefined}
      aria-label={labelOf(box)}
    >
      <header className={classes.head} title={titleOf(box)}>
        <Shape size={14} stroke={1.6} aria-hidden />
        <span className={classes.name}>{box.name}</span>
        {box.outside && box.schema !== null && <span className={classes.schema}>{box.schema}</span>}
      </header>
      {columns.map((column) => (
        <div key={column.name} className={classes.column} title={columnTitle(column)}>
          <KeyMark column={column} />
          <span className={classes.columnName} data-null={column.nullable || undefined}>
            {column.name}
          </span>
          <span className={classes.type}>{column.databaseType}</span>
        </div>
      ))}
      <Handle type="source" position={Position.Right} className={classes.handle} isConnectable={false} />
      <Handle type="target" position={Position.Left} className={classes.handle} isConnectable={false} />
    </article>
  )
})

function KeyMark({ column: { primaryKey, foreignKey } }: { column: DiagramColumn }) {
  if (primaryKey) return <IconKey size={12} className={classes.key} aria-label="primary key" />
  if (foreignKey) return <IconLink size={12} className={classes.link} aria-label="foreign key" />
  return <span className={classes.gap} />
}

const titleOf = ({ schema, name, kind }: Box) => `${schema === null ? '' : `${schema}.`}${name} · ${kind}`

const labelOf = (box: Box) =>
  box.outside ? `${titleOf(box)}, of another schema` : `${titleOf(box)}, ${box.columns.length} columns`

function columnTitle({ name, databaseType, primaryKey, foreignKey, nullable }: DiagramColumn): string {
  return [
    name,
    databaseType,
    ...(primaryKey ? ['primary key'] : []),
    ...(foreignKey ? ['foreign key'] : []),
    ...(nullable ? [] : ['not null']),
  ].join(' · ')
}
