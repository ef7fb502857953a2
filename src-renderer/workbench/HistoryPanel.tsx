import { TextInput } from '@mantine/core'
import { IconSearch, IconTrash } from '@tabler/icons-react'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { HistoryEntry } from '../../shared/contract/queries.ts'
import { api } from '../api/client.ts'
import { confirm } from '../ui/dialogs.ts'
import { formatDuration, formatRows, formatTime, formatZoned } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { titleOf } from './connections.ts'
import { openFromHistory } from './open.ts'
import { useRuns } from './runs.ts'
import classes from './SidePane.module.css'

/** What was run, newest first, searched as it is typed. */
export function HistoryPanel() {
  const [search, setSearch] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const client = useQueryClient()
  // Whatever ends is in the history.
  const ended = useRuns(({ runs }) =>
    Object.values(runs).reduce((sum, run) => sum + run.serial - (run.running ? 1 : 0), 0),
  )
  const found = useQuery({
    queryKey: ['history', search, ended],
    queryFn: ({ signal }) => api.queries.history({ search }, { signal }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const entries = found.data ?? []
  const clear = async () => {
    const sure = await confirm({
      title: 'Clear the history?',
      message: 'All statements that were run are forgotten. Saved queries stay.',
      action: 'Clear the history',
      danger: true,
    })
    if (!sure) return
    await api.queries.forget({})
    await client.invalidateQueries({ queryKey: ['history'] })
    field.current?.focus()
  }
  return (
    <div className={classes.side}>
      <div className={classes.sideHead}>
        <TextInput
          ref={field}
          size="xs"
          type="search"
          aria-label="Search the history"
          placeholder="Search the history"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        />
        <IconButton
          label="Clear the history"
          icon={IconTrash}
          disabled={entries.length === 0}
          onClick={() => void clear()}
        />
      </div>
      {found.data && entries.length === 0 && (
        <p className={classes.sideEmpty}>
          {search === '' ? 'Statements that you run are listed here.' : `No statement contains “${search}”.`}
        </p>
      )}
      <ul className={classes.list} aria-label="History">
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ul>
    </div>
  )
}

const states = { done: '', failed: 'failed', stopped: 'stopped' }

function Entry({ entry }: { entry: HistoryEntry }) {
  const { sql, connection, at, ms, rows, affected, state, error } = entry
  const found = rows === null ? '' : formatRows(rows)
  const changed = rows === null && affected !== null ? `${formatRows(affected)} changed` : ''
  const facts = [states[state], found, changed, formatDuration(ms)].filter((text) => text !== '')
  return (
    <li>
      <button
        type="button"
        className={classes.entry}
        data-state={state}
        title={error ?? sql}
        onClick={() => openFromHistory(entry)}
      >
        <code className={classes.entrySql}>{sql.replace(/\s+/g, ' ').slice(0, 300)}</code>
        <span className={classes.entryFacts}>
          <span>{titleOf(connection)}</span>
          <time dateTime={at} title={formatZoned(at)}>
            {formatTime(at)}
          </time>
          <span>{facts.join(' · ')}</span>
        </span>
      </button>
    </li>
  )
}
