import { Button, NativeSelect, TextInput } from '@mantine/core'
import { IconListDetails, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import type { LogLevel } from '../../shared/run.ts'
import { perform } from '../commands/perform.ts'
import { run as runCommand } from '../commands/run.ts'
import { type LogEntry, useShownRun } from '../stores/runs.ts'
import { select } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import { useTitles } from '../stores/titles.ts'
import { Empty } from '../ui/Empty.tsx'
import { formatCount, formatTime, formatZoned } from '../ui/format.ts'
import logClasses from './log.module.css'
import { useNodeEvents } from './node-events.ts'
import classes from './results.module.css'
import rowsClasses from './rows.module.css'
import { useWindowed } from './useWindowed.ts'

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
const levelWords: Readonly<Record<LogLevel, string>> = { debug: 'Debug', info: 'Info', warn: 'Warning', error: 'Error' }
const none: readonly LogEntry[] = []

/** What nodes did and said, in the order of time. */
export function LogPanel({ document }: { document: string }) {
  const run = useShownRun(document)
  const events = useNodeEvents((state) => state.events[run?.id ?? ''] ?? none)
  const [level, setLevel] = useState<LogLevel>('info')
  const [node, setNode] = useState('')
  const [search, setSearch] = useState('')
  const titleOf = useTitles(document)
  const lines = useMemo(() => merged(run?.log ?? none, events), [run?.log, events])
  const shown = useMemo(() => {
    const wanted = search.toLowerCase()
    return lines.filter(
      (line) =>
        levels.indexOf(line.level) >= levels.indexOf(level) &&
        (node === '' || line.node === node) &&
        (wanted === '' || line.message.toLowerCase().includes(wanted)),
    )
  }, [lines, level, node, search])
  if (!run) {
    return (
      <Empty icon={IconListDetails} title="Nothing has run yet" description="What nodes do and say will stand here.">
        <Button onClick={() => void perform(runCommand)}>Run</Button>
      </Empty>
    )
  }
  return (
    <div className={rowsClasses.rows}>
      <div className={rowsClasses.toolbar} role="toolbar" aria-label="Log">
        <NativeSelect
          aria-label="Level"
          size="xs"
          value={level}
          data={levels.map((value) => ({
            value,
            label: value === 'debug' ? 'Everything' : `${levelWords[value]} and above`,
          }))}
          onChange={({ currentTarget }) => setLevel(levels.find((one) => one === currentTarget.value) ?? 'info')}
        />
        <NativeSelect
          aria-label="Node"
          size="xs"
          value={node}
          data={[
            { value: '', label: 'All nodes' },
            ...Object.keys(run.nodes).map((id) => ({ value: id, label: titleOf(id) })),
          ]}
          onChange={(event) => setNode(event.currentTarget.value)}
        />
        <TextInput
          className={rowsClasses.search}
          aria-label="Search the log"
          placeholder="Search the log"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <span className={rowsClasses.status} role="status">
          {formatCount(shown.length)} of {formatCount(lines.length)} lines
        </span>
      </div>
      <Lines document={document} lines={shown} />
    </div>
  )
}

/** Pixels of a line, as its style has them. */
const lineHeights = { compact: 26, comfortable: 32 } as const

function Lines({ document, lines }: { document: string; lines: readonly LogEntry[] }) {
  const lineHeight = lineHeights[useSettings(({ density }) => density)]
  const { box, first, last, onScroll } = useWindowed(lines.length, lineHeight)
  return (
    <div
      className={logClasses.lines}
      ref={box}
      onScroll={onScroll}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      role="log"
      aria-label="Log of the run"
      aria-live="off"
    >
      <div className={logClasses.linesAll} style={{ height: lines.length * lineHeight }}>
        {lines.slice(first, last).map((line, index) => {
          const place = first + index
          return <Line key={place} document={document} line={line} top={place * lineHeight} />
        })}
      </div>
    </div>
  )
}

function Line({ document, line, top }: { document: string; line: LogEntry; top: number }) {
  const { at, level, node, message } = line
  const titleOf = useTitles(document)
  return (
    <div className={logClasses.line} data-level={level} style={{ top }}>
      <time dateTime={at} title={formatZoned(at)}>
        {formatTime(at).split(', ')[1]}
      </time>
      <span className={logClasses.level}>{levelWords[level]}</span>
      {node === undefined ? (
        <span className={logClasses.lineNode} />
      ) : (
        <button
          type="button"
          className={`${classes.link} ${logClasses.lineNode}`}
          title={node}
          onClick={() => select(document, { nodes: [node] })}
        >
          {titleOf(node)}
        </button>
      )}
      <span className={logClasses.lineText} title={message}>
        {message}
      </span>
    </div>
  )
}

/** Two lists that are each in the order of time, as one. */
function merged(log: readonly LogEntry[], events: readonly LogEntry[]): LogEntry[] {
  return [...log, ...events].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
