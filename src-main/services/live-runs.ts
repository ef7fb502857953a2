import type { NodeSource } from '../../shared/contract/results.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { isTerminal, type RunEvent } from '../../shared/run.ts'
import type { LiveResults, Results, RunOptions } from '../engine/index.ts'
import { Channel } from './channel.ts'
import { type RunRequest, startRun } from './start-run.ts'
import type { Workspace } from './workspace.ts'

export type Sample = Parameters<NonNullable<RunOptions['onRows']>>[2]

interface LiveRun {
  readonly id: string
  /** The first event of each thing that lasts, so that a late reader learns all states without every count. */
  readonly events: RunEvent[]
  readonly channel: Channel<RunEvent>
  readonly samples: Map<string, Sample>
  /** Of an inspection. */
  results?: LiveResults
  readonly abort: AbortController
  readonly ended: Promise<void>
}

/** What the screen gives to start a run; the rest is ours. */
export type LiveRequest = Omit<
  RunRequest,
  'signal' | 'onEvent' | 'onStart' | 'onRows' | 'onResults' | 'overrides' | 'cwd'
>

/** The runs that go on in this process. */
export class LiveRuns {
  private readonly workspace: Workspace
  private readonly runs = new Map<string, LiveRun>()
  private readonly changed = new Channel<string>()

  constructor(workspace: Workspace) {
    this.workspace = workspace
  }

  /** Starts a run and resolves to its id once it is certain to start. @throws AppError as startRun */
  start(request: LiveRequest): Promise<string> {
    return new Promise((resolve, reject) => {
      const abort = new AbortController()
      const channel = new Channel<RunEvent>()
      const events: RunEvent[] = []
      const samples = new Map<string, Sample>()
      let id: string | undefined
      const finished = startRun(this.workspace, {
        ...request,
        overrides: {},
        cwd: this.workspace.home,
        signal: abort.signal,
        onStart: (runId) => {
          id = runId
          this.runs.set(runId, { id: runId, events, channel, samples, abort, ended })
          resolve(runId)
        },
        onEvent: (event) => {
          remember(events, event)
          channel.send(event)
          if (event.type === 'run') this.changed.send(event.runId)
        },
        onRows: (node, port, sample) => samples.set(`${node}\n${port}`, sample),
        onResults: (results) => {
          const run = id === undefined ? undefined : this.runs.get(id)
          if (run) run.results = results
        },
      })
      const ended = finished.then(
        () => undefined,
        (error: unknown) => {
          reject(toAppError(error))
        },
      )
      ended.finally(() => {
        channel.close()
        if (id === undefined) return
        this.runs.delete(id)
        this.changed.send(id)
      })
    })
  }

  /** Resolves once the run has ended. @throws AppError RUN_STATE when it does not go on here */
  async stop(id: string): Promise<void> {
    const run = this.runs.get(id)
    if (!run) throw new AppError('RUN_STATE', `The run ${id} does not go on here, so it cannot be stopped.`)
    run.abort.abort()
    await run.ended
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.runs.keys()].map((id) => this.stop(id)))
  }

  /** All that happened so far, then all that happens until the run ends. Nothing for a run that does not go on here. */
  watch(id: string, signal?: AbortSignal): AsyncIterableIterator<RunEvent> {
    const run = this.runs.get(id)
    if (run) return run.channel.read(signal, run.events)
    const none = new Channel<RunEvent>()
    none.close()
    return none.read()
  }

  /** Ids of runs as they start, change state and end, beginning with those that go on. */
  changes(signal?: AbortSignal): AsyncIterableIterator<string> {
    return this.changed.read(signal, [...this.runs.keys()])
  }

  isLive(id: string): boolean {
    return this.runs.has(id)
  }

  /** For a run that has done its work but has not ended: resolves once what it kept can be found. */
  settling(id: string): Promise<void> | undefined {
    const run = this.runs.get(id)
    const over = run?.events.some((event) => event.type === 'run' && isTerminal(event.state))
    return over ? run?.ended : undefined
  }

  /** Whether all rows of a port can be read already. */
  isComplete(id: string, node: string, port: string): boolean {
    return this.runs.get(id)?.results?.has(node, port) ?? false
  }

  /** Works with all rows of a port while the run goes on; undefined where it does not, or once it has ended meanwhile. */
  async use<T>(
    { run: id, node, port }: NodeSource,
    work: (results: Results) => Promise<T>,
  ): Promise<{ value: T } | undefined> {
    const run = this.runs.get(id)
    const used = await run?.results?.use(node, port, work)
    if (!used) await run?.ended
    return used
  }

  /** The first rows of a node that runs. */
  sample(id: string, node: string, port: string): Sample | undefined {
    return this.runs.get(id)?.samples.get(`${node}\n${port}`)
  }
}

/** Of counts only the newest are kept, and of logs the newest thousand. */
function remember(events: RunEvent[], event: RunEvent): void {
  const last = events.at(-1)
  if (event.type === 'progress' && last?.type === 'progress') {
    events[events.length - 1] = { ...event, nodes: { ...last.nodes, ...event.nodes } }
    return
  }
  events.push(event)
  if (events.length > 2_000) {
    const log = events.findIndex(({ type }) => type === 'log' || type === 'progress')
    if (log >= 0) events.splice(log, 1)
  }
}
