import { IconAlertTriangle } from '@tabler/icons-react'
import { type Column, formatType } from '../../shared/data/types.ts'
import { usePipeline } from '../stores/documents.ts'
import { Section } from './Section.tsx'
import classes from './union.module.css'
import { type UnionColumn, unionColumns } from './union-columns.ts'
import { useArriving } from './useArriving.ts'

/** Which column of each input of a union goes into which column, with gaps and types that do not go together marked. */
export function UnionColumns({ document, node }: { document: string; node: string }) {
  const pipeline = usePipeline(document)
  const inputs = useArriving(document, node)
  const by = pipeline?.nodes[node]?.config.by === 'position' ? 'position' : 'name'
  if (inputs.length < 2) return null
  const heads = inputs.map(({ from }, place) => ({
    key: `${from} ${place}`,
    title: pipeline?.nodes[from]?.title ?? from,
  }))
  const rows = unionColumns(inputs, by).map((column, place) => ({
    key: by === 'name' ? column.name : place,
    ...column,
  }))
  return (
    <Section title="What each input gives" opened note={summary(rows)}>
      <div className={classes.scroll}>
        <table className={classes.table} aria-label="What each input gives">
          <thead>
            <tr>
              <th scope="col">Column</th>
              {heads.map(({ key, title }) => (
                <th key={key} scope="col" title={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ key: row, name, clash, cells }) => (
              <tr key={row} data-clash={clash !== undefined || undefined}>
                <th scope="row" title={clash ?? name}>
                  {name}
                  {clash !== undefined && <IconAlertTriangle size={12} stroke={2} role="img" aria-label={clash} />}
                </th>
                {heads.map(({ key, title }, place) => (
                  <Cell key={key} cell={cells[place]} by={by} input={title} name={name} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

interface CellProps {
  cell: Column | null | undefined
  by: 'name' | 'position'
  input: string
  name: string
}

function Cell({ cell, by, input, name }: CellProps) {
  if (cell === undefined) return <td title={`The columns of ${input} are not known yet.`}>?</td>
  if (cell === null) {
    return by === 'name' ? (
      <td data-gap title={`${input} has no column ${name}: its rows have NULL there.`}>
        NULL
      </td>
    ) : (
      <td data-gap="bad" title={`${input} has no column at this place.`}>
        missing
      </td>
    )
  }
  const type = formatType(cell.type)
  if (by === 'name') return <td title={`${cell.name}, ${type}`}>{type}</td>
  const renamed = cell.name.toLowerCase() !== name.toLowerCase()
  return (
    <td
      title={renamed ? `${cell.name} of ${input} becomes ${name}` : `${cell.name}, ${type}`}
      data-other={renamed || undefined}
    >
      {cell.name} <span className={classes.type}>{type}</span>
    </td>
  )
}

/** `3, 1 with gaps, 1 clash` */
function summary(columns: readonly UnionColumn[]): string {
  const gaps = columns.filter(({ cells }) => cells.includes(null)).length
  const clashes = columns.filter(({ clash }) => clash !== undefined).length
  return [
    String(columns.length),
    ...(gaps > 0 ? [`${gaps} with gaps`] : []),
    ...(clashes > 0 ? [`${clashes} ${clashes === 1 ? 'clash' : 'clashes'}`] : []),
  ].join(', ')
}
