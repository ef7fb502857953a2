import { Option } from 'commander'
import { AppError } from '../../../../shared/errors.ts'
import type { LogLevel, RunMode, RunState } from '../../../../shared/run.ts'
import { readPipeline } from '../../../services/pipeline-file.ts'
import { type FinishedRun, startRun } from '../../../services/start-run.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { limitsOf, pairs, positive } from '../options.ts'
import { printEnds } from '../output/ends.ts'
import { exitCodeOf } from '../output/errors.ts'
import { type ProgressView, progressView } from '../output/progress.ts'
import { styleState } from '../output/terminal.ts'
import { printable } from '../output/text.ts'
import { formatDuration, stateSigns } from '../output/words.ts'

export const define: Define = (program, act) => {
  program
    .command('run')
    .summary('run a pipeline')
    .description('Runs a pipeline file. Progress goes to stderr, rows and events to stdout.')
    .argument('<file>', 'pipeline file')
    .option('-p, --param <name=value>', "a parameter's value; may be given again", pairs)
    .option('-c, --connection <name=url>', 'use this database for a connection; may be given again', pairs)
    .option('--to <node>', 'only this node and what it needs')
    .option('--resume <run>', 'go on from a run that failed: its id, the start of it, or "last"')
    .option('--dry-run', 'do everything, say what would change, and roll it back')
    .addOption(
      new Option('--mode <mode>', 'inspect keeps the rows of every node, deliver only moves them')
        .choices(['inspect', 'deliver'])
        .default('deliver'),
    )
    .option('--refresh', 'with --mode inspect: run also the nodes whose rows an earlier run has kept')
    .option('--json', 'print the events of the run as NDJSON')
    .addOption(
      new Option('--log-level <level>', 'which messages to show')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('info'),
    )
    .option('--memory <MB>', 'memory for sorting and joining; beyond it, the disk is used', positive)
    .option('--threads <count>', 'threads for reading, sorting and joining; as many as cores, from 2 to 8', positive)
    .addHelpText(
      'after',
      `
Examples:
  $ sluice run daily.pipeline.json
  $ sluice run daily.pipeline.json --param since=2024-06-01 --param region=north
  $ sluice run daily.pipeline.json --connection shop=sqlite:test.db --dry-run
  $ sluice run daily.pipeline.json --to big            # rows of one node
  $ sluice run daily.pipeline.json --resume last       # after a failure
  $ sluice run daily.pipeline.json --json | jq -c 'select(.type == "node")'

Ctrl-C stops: databases are told to cancel, loads roll back. Once more ends at once.`,
    )
    .action(act(run))
}

interface Options {
  param?: Record<string, string>
  connection?: Record<string, string>
  to?: string
  resume?: string
  dryRun?: boolean
  mode: RunMode
  refresh?: boolean
  json?: boolean
  logLevel: LogLevel
  memory?: number
  threads?: number
}

async function run(context: CliContext, path: string, options: Options): Promise<number> {
  const started = performance.now()
  let view: ProgressView | undefined
  try {
    checkTogether(options)
    const subject = await readPipeline(path, context.cwd)
    view = options.json
      ? eventPrinter(context)
      : progressView(context.err, Object.keys(subject.pipeline.nodes), { level: options.logLevel })
    const workspace = context.workspace()
    const where = { folder: subject.folder, cwd: context.cwd, overrides: options.connection ?? {} }
    // A URL that is wrong is known before anything starts.
    for (const name of Object.keys(where.overrides)) await workspace.resolve(name, where)
    const finished = await startRun(workspace, {
      ...subject,
      mode: options.mode,
      params: options.param ?? {},
      overrides: options.connection ?? {},
      cwd: context.cwd,
      to: options.to,
      resume: options.resume,
      dryRun: options.dryRun ?? false,
      refresh: options.refresh ?? false,
      limits: limitsOf(options),
      signal: context.signal,
      onEvent: (event) => view?.event(event),
    })
    view.close()
    if (!options.json) {
      summarize(context, finished, {
        path,
        dryRun: options.dryRun ?? false,
        ms: performance.now() - started,
        connections: Object.keys(options.connection ?? {}),
      })
      await printEnds(context, subject.pipeline, finished, options.to)
    }
    if (finished.warning !== undefined) context.err.line(`warn ${printable(finished.warning)}`)
    return exitCodes[finished.outcome.state] ?? 1
  } catch (error) {
    view?.close()
    if (options.json) context.out.line(JSON.stringify({ type: 'error', error: context.report(error) }))
    context.complain(error, path)
    return exitCodeOf(error)
  }
}

const exitCodes: Partial<Record<RunState, number>> = { completed: 0, cancelled: 130 }

function checkTogether({ dryRun, resume, refresh, mode }: Options): void {
  const clash = dryRun && resume !== undefined ? '--dry-run and --resume do not go together' : undefined
  const idle = refresh && mode !== 'inspect' ? '--refresh means something only with --mode inspect' : undefined
  const problem = clash ?? idle
  if (problem !== undefined) throw new AppError('CONFIG_INVALID', `${problem}.`, { hint: 'Leave one out.' })
}

/** Events as NDJSON. Should nobody read them any more, the run goes on: it was not the run that was taken away. */
function eventPrinter(context: CliContext): ProgressView {
  return {
    event: (event) => {
      if (!context.readerGone.aborted) context.out.line(JSON.stringify(event))
    },
    close: () => undefined,
  }
}

interface Summary {
  path: string
  dryRun: boolean
  ms: number
  /** Those given on the command line, whose URLs may hold passwords. */
  connections: readonly string[]
}

function summarize(context: CliContext, { runId, outcome }: FinishedRun, summary: Summary): void {
  const { path, dryRun, ms, connections } = summary
  const { err } = context
  const told = new Set<string>()
  for (const error of [outcome.error, ...Object.values(outcome.nodes).map((node) => node.error)]) {
    if (!error || told.has(error.message)) continue
    told.add(error.message)
    context.complain(error, path)
  }
  const state = styleState(err, outcome.state, `${stateSigns[outcome.state]} ${outcome.state}`)
  err.line(`${state} in ${formatDuration(ms)} ${err.style('dim', `(run ${runId})`)}`)
  if (dryRun) err.line('Dry run: everything was rolled back.')
  else if (outcome.state !== 'completed' && Object.values(outcome.nodes).some(({ state }) => state === 'completed')) {
    const again = connections.map((name) => ` -c ${shellWord(`${name}=…`)}`).join('')
    err.line(`Go on from here with: sluice run ${shellWord(path)}${again} --resume ${runId}`)
  }
}

const shellWord = (text: string) => (/^[\w./+@%:,=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
