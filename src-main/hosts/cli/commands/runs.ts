import { type Command, Option } from 'commander'
import { type LogLevel, type RunState, runStates } from '../../../../shared/run.ts'
import type { RunDetails } from '../../../services/runs.ts'
import type { Act, Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { positive } from '../options.ts'
import { printReport } from '../output/errors.ts'
import { printList } from '../output/table.ts'
import { styleState } from '../output/terminal.ts'
import { printable } from '../output/text.ts'
import { formatCounts, formatDuration, stateSigns } from '../output/words.ts'

export const define: Define = (program, act) => {
  const runs = program
    .command('runs')
    .summary('what ran: list, show, logs')
    .description('The history of runs. A run is named by its id, the start of it, or "last".')
  addList(runs, act)
  runs
    .command('show')
    .description('one run with its nodes')
    .argument('<run>', 'id of a run, the start of it, or "last"')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  $ sluice runs show last\n  $ sluice runs show 20260131-14 --json')
    .action(act(show))
  runs
    .command('logs')
    .description('the messages of one run')
    .argument('<run>', 'id of a run, the start of it, or "last"')
    .option('--node <node>', 'only of this node')
    .addOption(new Option('--level <level>', 'only this level and above').choices([...levels]).default('debug'))
    .option('--json', 'print NDJSON')
    .addHelpText('after', '\nExample:\n  $ sluice runs logs last --level warn')
    .action(act(logs))
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

function addList(runs: Command, act: Act): void {
  runs
    .command('list')
    .description('runs, the newest first')
    .option('--pipeline <name>', 'only of this pipeline')
    .addOption(new Option('--state <state>', 'only in this state').choices([...runStates]))
    .option('--limit <count>', 'how many', positive, 20)
    .option('--json', 'print NDJSON')
    .addHelpText('after', '\nExample:\n  $ sluice runs list --state failed --limit 5')
    .action(act(list))
}

interface ListOptions {
  pipeline?: string
  state?: RunState
  limit: number
  json?: boolean
}

async function list(context: CliContext, options: ListOptions): Promise<number> {
  const { runs } = context.workspace()
  await runs.markCrashed()
  const found = await runs.list({
    limit: options.limit,
    ...(options.pipeline === undefined ? {} : { pipeline: options.pipeline }),
    ...(options.state === undefined ? {} : { states: [options.state] }),
  })
  if (options.json) {
    // The document is long and the same for most; `runs show` has it.
    for (const { document: _document, ...run } of found) context.out.line(JSON.stringify(run))
    return 0
  }
  if (found.length === 0) context.out.line('No runs.')
  else {
    printList(
      context.out,
      ['run', 'pipeline', 'state', 'started', 'took'],
      found.map((run) => [run.id, run.pipeline, stateText(run), clock(run.startedAt), took(run)]),
    )
  }
  return 0
}

async function show(context: CliContext, run: string, options: { json?: boolean }): Promise<number> {
  const { runs } = context.workspace()
  await runs.markCrashed()
  const details = await runs.show(run)
  const { out } = context
  if (options.json) {
    out.line(JSON.stringify(details))
    return 0
  }
  const fact = (name: string, text: string | null) => {
    if (text !== null && text !== '') out.line(`${out.style('dim', name.padEnd(9))} ${printable(text)}`)
  }
  fact('run', details.id)
  fact('pipeline', details.pipeline)
  fact('file', details.file)
  out.line(`${out.style('dim', 'state    ')} ${styleState(out, details.state, stateText(details))}`)
  fact('mode', details.mode)
  fact('started', clock(details.startedAt))
  fact('took', took(details))
  fact('resumed', details.resumedFrom)
  for (const [name, value] of Object.entries(details.params)) fact('param', `${name} = ${JSON.stringify(value)}`)
  out.line()
  printList(
    out,
    ['node', 'state', 'rows', 'time', 'attempt'],
    details.nodes.map((node) => [
      node.node,
      `${stateSigns[node.state]} ${node.state}${node.kept ? ' (kept)' : ''}`,
      formatCounts(node.counts),
      node.ms === null ? '' : formatDuration(node.ms),
      node.attempt > 1 ? String(node.attempt) : '',
    ]),
  )
  for (const error of details.nodes.flatMap((node) => node.error ?? [])) printReport(out, error)
  if (details.error && details.nodes.every((node) => node.error === null)) printReport(out, details.error)
  return 0
}

interface LogOptions {
  node?: string
  level: LogLevel
  json?: boolean
}

async function logs(context: CliContext, run: string, options: LogOptions): Promise<number> {
  const { runs } = context.workspace()
  const found = await runs.logs(run, {
    levels: levels.slice(levels.indexOf(options.level)),
    ...(options.node === undefined ? {} : { node: options.node }),
  })
  for (const { at, level, node, message } of [...found, ...failures(await runs.show(run), options.node)]) {
    if (options.json) context.out.line(JSON.stringify({ at, level, ...(node === null ? {} : { node }), message }))
    else
      context.out.line(`${at}  ${level.padEnd(5)}  ${node === null ? '' : `${printable(node)}: `}${printable(message)}`)
  }
  return 0
}

/** What the run failed by, after all that it said. */
function failures(run: RunDetails, only: string | undefined) {
  const at = run.finishedAt ?? run.startedAt ?? run.createdAt
  const ofNodes = run.nodes.flatMap(({ node, error }) => (error === null ? [] : [{ node, error }]))
  const all = ofNodes.length > 0 || run.error === null ? ofNodes : [{ node: null, error: run.error }]
  return all
    .filter(({ node }) => only === undefined || node === only)
    .map(({ node, error }) => ({ at, level: 'error', node, message: `${error.message} (${error.code})` }))
}

const stateText = ({ state, dryRun }: { state: RunState; dryRun: boolean }) =>
  `${stateSigns[state]} ${state}${dryRun ? ' (dry run)' : ''}`

/** `2026-01-31 14:25:01` in local time. */
function clock(iso: string | null): string {
  if (iso === null) return ''
  const date = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

function took({ startedAt, finishedAt }: { startedAt: string | null; finishedAt: string | null }): string {
  return startedAt === null || finishedAt === null ? '' : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))
}
