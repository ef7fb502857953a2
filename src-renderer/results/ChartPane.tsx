import '@mantine/charts/styles.css'
import { BarChart, LineChart } from '@mantine/charts'
import { CloseButton, NativeSelect, SegmentedControl } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ResultSource, RowView } from '../../shared/contract/results.ts'
import { isMoment, isNumber } from '../../shared/data/kinds.ts'
import type { Column } from '../../shared/data/types.ts'
import { api, asAppError } from '../api/client.ts'
import { formatCount } from '../ui/format.ts'
import classes from './results.module.css'
import sideClasses from './side.module.css'

const measures = ['count', 'sum', 'avg', 'min', 'max'] as const

/** As few rows, or rows of a group and a number, are most likely one for each group: their numbers say more than their count. */
const isGrouped = (rows: number, columns: number, numbers: number) =>
  numbers > 0 && (rows <= 60 || (columns === 2 && numbers === 1))

interface ChartPaneProps {
  source: ResultSource
  view: RowView
  columns: readonly Column[]
  /** How many rows there are. */
  known: number
  onClose(): void
}

/** A quick chart of all rows of the view: a measure per group. */
export default function ChartPane({ source, view, columns, known, onClose }: ChartPaneProps) {
  const numbers = columns.filter(({ type }) => isNumber(type))
  const [x, setX] = useState(() => (columns.find(({ type }) => !isNumber(type)) ?? columns[0])?.name ?? '')
  const [measure, setMeasure] = useState<(typeof measures)[number]>(
    isGrouped(known, columns.length, numbers.length) ? 'sum' : 'count',
  )
  const [y, setY] = useState(numbers[0]?.name ?? '')
  const typeOfX = columns.find(({ name }) => name === x)?.type ?? { kind: 'text' as const }
  const [shape, setShape] = useState<string>(isMoment(typeOfX) ? 'line' : 'bar')
  const chart = useQuery({
    queryKey: ['chart', source, view, x, measure, y],
    queryFn: ({ signal }) =>
      api.results.chart({ source, view, x, measure, ...(measure !== 'count' && { y }) }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const points = (chart.data?.points ?? []).map((point) => ({ x: labelOf(point.x), y: point.y }))
  const name = measure === 'count' ? 'Rows' : `${measure} of ${y}`
  const series = [{ name: 'y', label: name, color: 'var(--focus)' }]
  const Chart = shape === 'line' ? LineChart : BarChart
  return (
    <aside
      className={sideClasses.side}
      data-wide
      aria-label="Chart"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onClose()
      }}
    >
      <header className={sideClasses.sideHead}>
        <NativeSelect
          aria-label="Groups"
          size="xs"
          value={x}
          data={columns.map((column) => column.name)}
          onChange={(event) => setX(event.currentTarget.value)}
        />
        <NativeSelect
          aria-label="Measure"
          size="xs"
          value={measure}
          data={[
            { value: 'count', label: 'rows' },
            ...(numbers.length > 0 ? measures.filter((one) => one !== 'count') : []),
          ]}
          onChange={({ currentTarget }) => setMeasure(measures.find((one) => one === currentTarget.value) ?? 'count')}
        />
        {measure !== 'count' && (
          <NativeSelect
            aria-label="Of"
            size="xs"
            value={y}
            data={numbers.map((column) => column.name)}
            onChange={(event) => setY(event.currentTarget.value)}
          />
        )}
        <SegmentedControl
          aria-label="Shape"
          size="xs"
          value={shape}
          onChange={setShape}
          data={[
            { value: 'bar', label: 'Bars' },
            { value: 'line', label: 'Line' },
          ]}
        />
        <span className={sideClasses.sideTools}>
          <CloseButton size="sm" aria-label="Close the chart" onClick={onClose} />
        </span>
      </header>
      {chart.error ? (
        <p role="alert">{asAppError(chart.error).message}</p>
      ) : (
        <figure className={sideClasses.figure} aria-label={`${name} by ${x}`}>
          <Chart
            h="100%"
            data={points}
            dataKey="x"
            series={series}
            withDots={points.length <= 60}
            gridAxis="y"
            valueFormatter={(value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 4 })}
          />
          {chart.data && chart.data.groups > points.length && (
            <figcaption className={classes.dim}>
              {points.length} of {formatCount(chart.data.groups)} groups
            </figcaption>
          )}
        </figure>
      )}
    </aside>
  )
}

/** NULL and an empty text are told from texts that look like them. */
function labelOf(x: string | null): string {
  if (x === null) return 'NULL'
  return x === '' || x === 'NULL' ? `"${x}"` : x
}
