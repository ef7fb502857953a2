import { Button, Loader } from '@mantine/core'
import { IconRotateClockwise, IconTable, IconTrash } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { RunDetails } from '../../shared/contract/runs.ts'
import type { ErrorReport } from '../../shared/errors.ts'
import { isTerminal, type NodeCounts } from '../../shared/run.ts'
import { api, asAppError } from '../api/client.ts'
import { shortPath } from '../files/paths.ts'
import { useDocuments } from '../stores/documents.ts'
import { useOwnFolder } from '../stores/program.ts'
import { formatCount, formatDuration, formatTime, formatZoned } from '../ui/format.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { showError } from '../ui/notify.ts'
import { openRun, wishRun } from './actions.ts'
import { inFlow, type NamedNodeRun } from './in-flow.ts'
import classes from './runs.module.css'
import { StopButton } from './StopButton.tsx'
import { modeWord, RunStateLabel } from './states.tsx'
import { tookOf } from './took.ts'
import { useRunDetails, useRunLog } from './use-runs.ts'

interface RunPaneProps {
  run: string
  /** It is in the history no more. */
  onRemoved(): void
}

/** One run: what it was, how its nodes fared, what it said. */
export function RunPane({ run, onRemoved }: RunPaneProps) {
  const { data, error } = useRunDetails(run)
  if (error) {
    return (
      <section className={classes.pane} aria-label="Run" data-region>
        <p className={classes.error}>{asAppError(error).message}</p>
      </section>
    )
  }
  return (
    <section className={classes.pane} aria-label="Run" data-region>
      {data ? <Details run={data} onRemoved={onRemoved} /> : <Loader size="sm" m="lg" />}
    </section>
  )
}

function Details({ run, onRemoved }: { run: RunDetails; onRemoved(): void }) {
  return (
    <>
      <div className={classes.head}>
        <h2>{run.pipeline}</h2>
        <RunStateLabel state={run.state} />
        <span style={{ flex: 1 }} />
        <Actions run={run} onRemoved={onRemoved} />
      </div>
      <div className={classes.scroll}>
        {run.error && <Failure error={run.error} />}
        <Facts run={run} />
        <h3 className={classes.section}>Nodes</h3>
        <NodeTable nodes={inFlow(run)} />
        <h3 className={classes.section}>Log</h3>
        <Log run={run.id} />
      </div>
    </>
  )
}

function Actions({ run, onRemoved }: { run: RunDetails; onRemoved(): void }) {
  const queries = useQueryClient()
  const attempt = (title: string, work: () => Promise<void>) => () =>
    void work().catch((thrown) => showError(asAppError(thrown), title))
  const open = attempt('The run could not be opened', () => openRun(run.id))
  const resume = attempt('The run could not be resumed', async () => {
    await openRun(run.id)
    const { active } = useDocuments.getState()
    if (active !== null) await wishRun(active, { resume: run.id })
  })
  const remove = attempt('The run could not be removed', async () => {
    await api.runs.remove({ runs: [run.id] })
    onRemoved()
    await queries.invalidateQueries({ queryKey: ['runs'] })
  })
  const stop = attempt('The run could not be stopped', async () => {
    await api.runs.stop({ run: run.id })
  })
  const resumable = !run.dryRun && ['failed', 'cancelled', 'crashed'].includes(run.state)
  return (
    <>
      {!isTerminal(run.state) && <StopButton state={run.state} here={run.here} onClick={stop} />}
      {resumable && (
        <Button variant="default" leftSection={<IconRotateClockwise size={14} />} onClick={resume}>
          Resume
        </Button>
      )}
      <Button leftSection={<IconTable size={14} />} onClick={open}>
        {run.outputs.length > 0 ? 'Open with rows' : 'Open'}
      </Button>
      {isTerminal(run.state) && <IconButton label="Remove from the history" icon={IconTrash} onClick={remove} />}
    </>
  )
}

function Failure({ error }: { error: ErrorReport }) {
  return (
    <div className={classes.error} role="alert">
      <p>
        {error.at?.node !== undefined && <strong>{error.at.node}: </strong>}
        {error.message}
      </p>
      {error.hint !== undefined && <p>{error.hint}</p>}
    </div>
  )
}

function Facts({ run }: { run: RunDetails }) {
  const own = useOwnFolder()
  const params = Object.entries(run.params)
  const facts: [string, string, string?][] = [
    ['Run', run.id],
    run.path === null ? ['File', 'Not from a file'] : ['File', shortPath(run.path, own), run.path],
    ['Started', formatTime(run.createdAt), formatZoned(run.createdAt)],
    ['Took', tookOf(run) || 'Not ended yet'],
    ['Mode', modeWord(run)],
    ...(run.resumedFrom === null ? [] : [['Goes on from', run.resumedFrom] satisfies [string, string]]),
    ...params.map(
      ([name, value]) =>
        [`:${name}`, typeof value === 'string' ? value : JSON.stringify(value)] satisfies [string, string],
    ),
  ]
  return (
    <dl className={classes.facts}>
      {facts.map(([term, text, title]) => (
        <div key={term} style={{ display: 'contents' }}>
          <dt>{term}</dt>
          <dd title={title}>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

function NodeTable({ nodes }: { nodes: readonly NamedNodeRun[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>Node</th>
          <th>State</th>
          <th className={classes.number}>Rows in</th>
          <th className={classes.number}>Rows out</th>
          <th className={classes.number}>Took</th>
          <th className={classes.filling}>What it did</th>
        </tr>
      </thead>
      <tbody>
        {nodes.map(({ node, title, isLoad, state, counts, ms, kept, attempt, error }) => (
          <tr key={node}>
            <td title={node}>{title}</td>
            <td>
              <RunStateLabel state={state} />
            </td>
            <td className={classes.number}>{counted(counts.rowsIn)}</td>
            <td className={classes.number}>{isLoad ? '' : counted(counts.rowsOut)}</td>
            <td className={classes.number}>{ms === null ? '' : formatDuration(ms)}</td>
            <td className={classes.filling} title={error?.message}>
              {error?.message ?? doneText(counts, kept, attempt)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

const counted = (count: number | undefined) => (count === undefined ? '' : formatCount(count))

function doneText(counts: NodeCounts, kept: boolean, attempt: number): string {
  const changes = (['inserted', 'updated', 'deleted', 'rejected'] as const).flatMap((word) => {
    const count = counts[word]
    return count ? [`${formatCount(count)} ${word}`] : []
  })
  return [...changes, ...(kept ? ['rows of an earlier run'] : []), ...(attempt > 1 ? [`attempt ${attempt}`] : [])].join(
    ', ',
  )
}

function Log({ run }: { run: string }) {
  const { data, error } = useRunLog(run)
  if (error) return <p className={classes.log}>{asAppError(error).message}</p>
  if (data?.length === 0) return <p className={classes.log}>Nothing was logged.</p>
  return (
    <pre className={classes.log}>
      {data?.map(({ at, level, node, message }, index) => (
        // Lines have no name of their own and never change places.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <div key={index}>
          <span className={classes.dim} title={formatZoned(at)}>
            {new Date(at).toLocaleTimeString('en-GB')}{' '}
          </span>
          {level !== 'info' && `${level} `}
          {node !== null && `${node}: `}
          {message}
        </div>
      ))}
    </pre>
  )
}
