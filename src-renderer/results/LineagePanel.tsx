import { Button } from '@mantine/core'
import { IconRoute, IconX } from '@tabler/icons-react'
import type { ColumnPlace } from '../../shared/contract/pipelines.ts'
import { shortType } from '../grid/format.ts'
import { type ShownLineage, traceColumn, useLineage } from '../stores/lineage.ts'
import { select } from '../stores/selection.ts'
import { useTitles } from '../stores/titles.ts'
import { Empty } from '../ui/Empty.tsx'
import lineageClasses from './lineage.module.css'
import { useOutput } from './output.ts'
import classes from './results.module.css'

/** Where the values of a column come from, what decides which rows there are, and where the values go. */
export function LineagePanel({ document }: { document: string }) {
  const output = useOutput(document)
  const shown = useLineage(document)
  const columns = output?.look?.columns[output.port] ?? output?.progress?.columns?.[output.port]
  if (!output && !shown) {
    return (
      <Empty
        icon={IconRoute}
        title="Pick a node to follow its columns"
        description="Lineage is known before anything runs."
      />
    )
  }
  return (
    <div className={lineageClasses.lineage}>
      <nav className={lineageClasses.lineageColumns} aria-label="Columns of the node">
        {columns?.map(({ name, type }) => {
          const place = { node: output?.node ?? '', port: output?.port ?? 'out', column: name }
          const current = shown !== undefined && isSame(shown.column, place)
          return (
            <button
              key={name}
              type="button"
              className={lineageClasses.columnButton}
              aria-pressed={current}
              onClick={() => traceColumn(document, current ? null : place)}
            >
              <span>{name}</span>
              <span className={classes.dim}>{shortType(type)}</span>
            </button>
          )
        })}
        {output && !columns && <p className={classes.dim}>The columns of {output.node} are not known yet.</p>}
      </nav>
      {shown ? (
        <Found document={document} shown={shown} />
      ) : (
        <p className={classes.waiting}>Pick a column to see where its values come from.</p>
      )}
    </div>
  )
}

const isSame = (a: ColumnPlace, b: ColumnPlace) => a.node === b.node && a.port === b.port && a.column === b.column

function Found({ document, shown }: { document: string; shown: ShownLineage }) {
  const { column, lineage, error } = shown
  const titleOf = useTitles(document)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label={`Lineage of ${column.column}`}>
      <header className={lineageClasses.lineageHead}>
        <strong>
          {titleOf(column.node)}.{column.column}
        </strong>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconX size={12} aria-hidden />}
          onClick={() => traceColumn(document, null)}
        >
          Stop following
        </Button>
      </header>
      {error && <p className={classes.bad}>{error.message}</p>}
      {lineage && (
        <div className={lineageClasses.lineageLists}>
          <Places
            document={document}
            title="Comes from"
            places={lineage.from}
            none="No column: its values are made here."
          />
          <Places
            document={document}
            title="Rows decided by"
            places={lineage.shapes}
            none="No condition, key or order."
          />
          <Places document={document} title="Goes into" places={lineage.to} none="Nothing after this uses it." />
        </div>
      )}
    </section>
  )
}

interface PlacesProps {
  document: string
  title: string
  places: readonly ColumnPlace[]
  none: string
}

function Places({ document, title, places, none }: PlacesProps) {
  const titleOf = useTitles(document)
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {places.length === 0 && <p className={classes.dim}>{none}</p>}
      <ul>
        {places.map((place) => (
          <li key={JSON.stringify(place)}>
            <button
              type="button"
              className={classes.link}
              onClick={() => {
                select(document, { nodes: [place.node] })
                traceColumn(document, place)
              }}
            >
              {titleOf(place.node)}
              {place.port !== 'out' && place.port !== 'in' && <span className={classes.dim}>:{place.port}</span>}
              <span className={classes.dim}>.</span>
              {place.column}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
