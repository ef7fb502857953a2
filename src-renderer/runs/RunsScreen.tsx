import { Button, EmptyState, Loader, Select, TextInput } from '@mantine/core'
import { IconHistory, IconSearch } from '@tabler/icons-react'
import { type RefObject, useRef, useState } from 'react'
import type { RunSummary } from '../../shared/contract/runs.ts'
import type { RunState } from '../../shared/run.ts'
import { asAppError } from '../api/client.ts'
import { goTo } from '../stores/window.ts'
import { formatTime, formatZoned } from '../ui/format.ts'
import { RunPane } from './RunPane.tsx'
import classes from './runs.module.css'
import { modeWord, RunStateLabel } from './states.tsx'
import { tookOf } from './took.ts'
import { useRunList } from './use-runs.ts'

const filters: Record<string, readonly RunState[] | undefined> = {
  'All runs': undefined,
  'Going on': ['pending', 'running', 'cancelling'],
  Done: ['completed'],
  'Failed or crashed': ['failed', 'crashed'],
  Stopped: ['cancelled'],
}

/** The history of runs: the list on the left, the picked one on the right. */
export default function RunsScreen() {
  const [filter, setFilter] = useState('All runs')
  const [search, setSearch] = useState('')
  const [picked, setPicked] = useState<string>()
  const list = useRunList(filters[filter])
  const all = list.data?.pages.flat() ?? []
  const shown = all.filter(({ pipeline, id }) =>
    `${pipeline} ${id}`.toLowerCase().includes(search.trim().toLowerCase()),
  )
  const current = shown.some(({ id }) => id === picked) ? picked : shown[0]?.id
  const rows = useRef<HTMLTableSectionElement>(null)
  const goToNeighbour = () => {
    const at = shown.findIndex(({ id }) => id === current)
    const next = at + 1 < shown.length ? at + 1 : at - 1
    setPicked(shown[next]?.id)
    rows.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div className={classes.screen}>
      <section className={classes.pane} aria-label="Runs" data-region>
        <div className={classes.head}>
          <h1>Runs</h1>
          <TextInput
            aria-label="Search runs"
            placeholder="Pipeline or run"
            leftSection={<IconSearch size={14} />}
            value={search}
            onChange={({ currentTarget }) => setSearch(currentTarget.value)}
            flex={1}
          />
          <Select
            aria-label="Which runs"
            w={160}
            data={Object.keys(filters)}
            value={filter}
            allowDeselect={false}
            onChange={(value) => setFilter(value ?? 'All runs')}
          />
        </div>
        <div className={classes.scroll}>
          {list.error && <p className={classes.error}>{asAppError(list.error).message}</p>}
          {list.isPending && <Loader size="sm" m="lg" />}
          {list.isSuccess && shown.length === 0 && <NoRuns any={all.length > 0 || filter !== 'All runs'} />}
          {shown.length > 0 && <RunTable rows={rows} runs={shown} picked={current} onPick={setPicked} />}
          {list.hasNextPage && (
            <Button variant="subtle" m="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show older runs
            </Button>
          )}
        </div>
      </section>
      {current === undefined ? (
        <section className={classes.pane} />
      ) : (
        <RunPane key={current} run={current} onRemoved={goToNeighbour} />
      )}
    </div>
  )
}

function NoRuns({ any }: { any: boolean }) {
  return (
    <EmptyState
      mt="xl"
      icon={<IconHistory size={32} stroke={1.5} />}
      title={any ? 'No run fits' : 'No runs yet'}
      description={
        any ? 'Try another word, or all runs.' : 'Run a pipeline and it will be listed here, with its rows and its log.'
      }
    >
      {!any && (
        <EmptyState.Actions>
          <Button onClick={() => goTo('pipelines')}>Go to pipelines</Button>
        </EmptyState.Actions>
      )}
    </EmptyState>
  )
}

interface TableProps {
  rows: RefObject<HTMLTableSectionElement | null>
  runs: readonly RunSummary[]
  picked: string | undefined
  onPick(id: string): void
}

function RunTable({ rows, runs, picked, onPick }: TableProps) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>State</th>
          <th>Pipeline</th>
          <th>Started</th>
          <th className={classes.number}>Took</th>
          <th>Mode</th>
        </tr>
      </thead>
      <tbody ref={rows}>
        {runs.map((run) => (
          <tr key={run.id} data-clickable data-picked={run.id === picked || undefined} onClick={() => onPick(run.id)}>
            <td>
              <RunStateLabel state={run.state} />
            </td>
            <td title={run.path ?? undefined}>
              <button
                type="button"
                className={classes.rowButton}
                aria-current={run.id === picked}
                onClick={() => onPick(run.id)}
              >
                {run.pipeline}
              </button>
            </td>
            <td title={formatZoned(run.createdAt)}>{formatTime(run.createdAt)}</td>
            <td className={classes.number}>{tookOf(run)}</td>
            <td>{modeWord(run)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
