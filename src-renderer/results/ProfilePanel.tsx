import { Button, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ColumnProfile, ResultSource } from '../../shared/contract/results.ts'
import { isMoment, isNumber } from '../../shared/data/kinds.ts'
import type { Column } from '../../shared/data/types.ts'
import type { AppError } from '../../shared/errors.ts'
import { api, asAppError } from '../api/client.ts'
import { shortType } from '../grid/format.ts'
import { showPanel } from '../stores/window.ts'
import { Empty } from '../ui/Empty.tsx'
import { formatCount } from '../ui/format.ts'
import { NoRows, Unreadable } from './NoRows.tsx'
import { type Output, useOutput } from './output.ts'
import profileClasses from './profile.module.css'
import classes from './results.module.css'
import { useHead } from './useHead.ts'
import { asRowView, changeView, narrowView, useView, viewKey } from './views.ts'

/** What the values of each column are like, over all rows of the view. */
export function ProfilePanel({ document }: { document: string }) {
  const output = useOutput(document)
  const head = useHead(output?.source)
  if (!output?.source) return <NoRows document={document} output={output} />
  if (head.error) return <Unreadable document={document} output={output} error={asAppError(head.error)} />
  if (!head.data?.complete) return <p className={classes.waiting}>The profile is made once all rows are there.</p>
  return <Profile document={document} output={output} source={output.source} columns={head.data.columns} />
}

interface ProfileProps {
  document: string
  output: Output
  source: ResultSource
  columns: readonly Column[]
}

function Profile({ document, output, source, columns }: ProfileProps) {
  const key = viewKey(document, output.node, output.port)
  const shown = useView(key)
  const { filters, search } = shown
  const view = useMemo(() => asRowView({ sort: [], filters, search }), [filters, search])
  const profile = useQuery({
    queryKey: ['profile', source, view],
    queryFn: ({ signal }) => api.results.profile({ source, view }, { signal }),
  })
  if (profile.error) {
    const error = asAppError(profile.error)
    if (error.at.field?.startsWith('filters.')) return <WrongFilter viewKey={key} error={error} />
    return <Unreadable document={document} output={output} error={error} />
  }
  if (!profile.data) return <p className={classes.waiting}>Looking at all rows…</p>
  const narrowed = filters.length > 0 || search !== ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className={classes.scroll} tabIndex={0} aria-label={`Profile of ${output.node}`}>
      {narrowed && <p className={profileClasses.note}>Only the rows that meet the filters and the search.</p>}
      <table className={profileClasses.profile}>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
            <th scope="col">Values</th>
            <th scope="col" data-right>
              NULL
            </th>
            <th scope="col" data-right>
              Distinct
            </th>
            <th scope="col">Least</th>
            <th scope="col">Greatest</th>
            <th scope="col" data-right>
              Mean
            </th>
          </tr>
        </thead>
        <tbody>
          {profile.data.map((found) => (
            <ProfileRow
              key={found.column}
              viewKey={key}
              found={found}
              column={columns.find(({ name }) => name === found.column)}
            />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function WrongFilter({ viewKey: key, error: { message, hint } }: { viewKey: string; error: AppError }) {
  return (
    <div role="alert" className={classes.alert}>
      <Empty icon={IconAlertTriangle} title={message} description={hint}>
        <Button onClick={() => showPanel('rows')}>Show the filters</Button>
        <Button variant="default" onClick={() => changeView(key, { filters: [] })}>
          Remove all filters
        </Button>
      </Empty>
    </div>
  )
}

interface RowProps {
  viewKey: string
  found: ColumnProfile
  column: Column | undefined
}

function ProfileRow({ viewKey: key, found, column }: RowProps) {
  const { rows, nulls, distinct, min, max, mean } = found
  const share = rows === 0 ? 0 : (nulls / rows) * 100
  return (
    <tr>
      <th scope="row" title={found.column}>
        {found.column}
      </th>
      <td className={classes.dim}>{column && shortType(column.type)}</td>
      <td>
        {column &&
          (isHistogram(column, found) ? (
            <Histogram viewKey={key} found={found} />
          ) : (
            <Frequent viewKey={key} found={found} />
          ))}
      </td>
      <td data-right title={`${formatCount(nulls)} of ${formatCount(rows)}`}>
        {nulls === 0 ? '0 %' : share < 0.1 ? '< 0.1 %' : `${share.toFixed(1)} %`}
      </td>
      <td data-right>{rows > countedRows ? `≈ ${formatCount(distinct)}` : formatCount(distinct)}</td>
      <Extreme text={min} />
      <Extreme text={max} />
      <td data-right>{mean === undefined ? '–' : meanText(mean)}</td>
    </tr>
  )
}

/** Written as the values themselves are, without separators. */
const meanText = (mean: number) => mean.toLocaleString('en-US', { maximumSignificantDigits: 6, useGrouping: false })

/** Beyond so many rows the engine estimates how many differ. */
const countedRows = 1_000_000

function Extreme({ text }: { text: string | null }) {
  if (text === null) return <td className={classes.dim}>–</td>
  if (text === '') return <td className={classes.null}>empty text</td>
  return (
    <td className={profileClasses.extreme} title={text}>
      {text}
    </td>
  )
}

const isHistogram = ({ type }: Column, { bars }: ColumnProfile) =>
  (isNumber(type) || isMoment(type)) && bars.some(({ filters }) => filters.some(({ operator }) => operator !== '='))

function showRows(key: string, filters: ColumnProfile['bars'][number]['filters']): void {
  narrowView(key, filters)
  showPanel('rows')
}

function Histogram({ viewKey: key, found }: { viewKey: string; found: ColumnProfile }) {
  const most = Math.max(1, ...found.bars.map(({ rows }) => rows))
  return (
    <div className={profileClasses.histogram}>
      {found.bars.map(({ label, rows, filters }) => (
        <button
          key={label}
          type="button"
          aria-label={`${found.column} from ${label}: ${formatCount(rows)} rows`}
          title={`From ${label}: ${formatCount(rows)} rows`}
          onClick={() => showRows(key, filters)}
        >
          <span style={{ height: `${Math.max(4, (rows / most) * 100)}%` }} />
        </button>
      ))}
    </div>
  )
}

function Frequent({ viewKey: key, found }: { viewKey: string; found: ColumnProfile }) {
  return (
    <ul className={profileClasses.frequent}>
      {found.bars.slice(0, 4).map(({ label, rows, filters }) => (
        <li key={label}>
          <button type="button" onClick={() => showRows(key, filters)}>
            <span className={profileClasses.share} style={{ width: `${(rows / Math.max(1, found.rows)) * 100}%` }} />
            <VisuallyHidden>{found.column} is </VisuallyHidden>
            <span className={profileClasses.value}>{label === '' ? 'empty text' : label}</span>
            <span className={classes.dim}>{formatCount(rows)}</span>
            <VisuallyHidden> rows</VisuallyHidden>
          </button>
        </li>
      ))}
    </ul>
  )
}
