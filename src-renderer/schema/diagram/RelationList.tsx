import type { Box, DiagramModel, Relation } from '../../canvas/diagram/model.ts'
import classes from './DiagramPane.module.css'

interface RelationListProps {
  model: DiagramModel
  onPick(box: Box): void
}

/** The same as the picture in words: every table, and what it refers to. */
export function RelationList({ model, onPick }: RelationListProps) {
  const byHolder = Map.groupBy(model.relations, ({ from }) => from)
  const tables = model.boxes.filter(({ outside }) => !outside)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <ul className={classes.list} aria-label="Tables and their relations" tabIndex={0}>
      {tables.map((box) => (
        <li key={box.id}>
          <button type="button" className={classes.listed} onClick={() => onPick(box)}>
            {box.name}
          </button>
          <span className={classes.dim}>
            {box.kind}, {box.columns.length === 1 ? '1 column' : `${box.columns.length} columns`}
          </span>
          <ul>
            {byHolder.get(box.id)?.map((relation) => (
              <li key={relation.id}>{relationText(model, relation)}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

function relationText({ byId }: DiagramModel, { to, fromColumns, toColumns }: Relation): string {
  const target = byId.get(to)
  const name = target?.outside && target.schema !== null ? `${target.schema}.${target.name}` : (target?.name ?? '')
  return `${fromColumns.join(', ')} → ${name}${toColumns.length === 0 ? '' : ` (${toColumns.join(', ')})`}`
}
