import { isTerminal, type LogLevel, type NodeCounts, type RunEvent, type RunState } from '../../../../shared/run.ts'
import { styleState, type Terminal } from './terminal.ts'
import { clip, padTo, printable, textWidth } from './text.ts'
import { formatCount, formatCounts, formatDuration, formatPlace, stateSigns } from './words.ts'

/** Shows how a run goes. `close` leaves the last picture standing. */
export interface ProgressView {
  event(event: RunEvent): void
  close(): void
}

export interface ProgressOptions {
  /** Log lines of this level and above are shown. */
  level: LogLevel
  /** Milliseconds since some start; for tests. */
  now?: () => number
}

interface NodeView {
  state: RunState
  counts: NodeCounts
  startedAt: number | undefined
  ms: number | undefined
  kept: boolean
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
const redrawMs = 100

/** A table redrawn in place on a terminal; elsewhere one line for each thing that happened. */
export function progressView(to: Terminal, nodes: readonly string[], options: ProgressOptions): ProgressView {
  return to.live ? new LiveView(to, nodes, options) : new PlainView(to, nodes, options)
}

abstract class View implements ProgressView {
  protected readonly to: Terminal
  protected readonly nodes: Map<string, NodeView>
  protected readonly now: () => number
  private readonly level: LogLevel

  constructor(to: Terminal, nodes: readonly string[], { level, now = () => performance.now() }: ProgressOptions) {
    this.to = to
    this.now = now
    this.level = level
    this.nodes = new Map(
      nodes.map((id) => [id, { state: 'pending', counts: {}, startedAt: undefined, ms: undefined, kept: false }]),
    )
  }

  event(event: RunEvent): void {
    if (event.type === 'log') {
      if (levels.indexOf(event.level) >= levels.indexOf(this.level)) this.log(event)
      return
    }
    if (event.type === 'progress') {
      for (const [id, counts] of Object.entries(event.nodes)) {
        const node = this.nodes.get(id)
        if (node) Object.assign(node.counts, counts)
      }
    } else if (event.type === 'node') {
      const node = this.nodes.get(event.node)
      if (!node) return
      if (event.state === 'running' && node.startedAt === undefined) node.startedAt = this.now()
      Object.assign(node, { state: event.state, ms: event.ms, kept: event.kept ?? false })
      Object.assign(node.counts, event.counts)
    }
    this.changed(event)
  }

  protected abstract log(event: RunEvent & { type: 'log' }): void
  protected abstract changed(event: RunEvent): void
  abstract close(): void

  protected logLine({ level, node, message }: RunEvent & { type: 'log' }): string {
    const style = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : 'dim'
    const who = node === undefined ? '' : ` ${printable(node)}:`
    return `${this.to.style(style, level)}${who} ${printable(message)}`
  }

  /** What a node did, its speed and its time, as far as they are known. */
  protected facts(node: NodeView): { counts: string; rate: string; time: string } {
    const ms = node.ms ?? (node.startedAt === undefined ? undefined : this.now() - node.startedAt)
    const time = ms === undefined || node.state === 'skipped' ? '' : formatDuration(ms)
    const rows = node.counts.rowsOut ?? node.counts.rowsIn ?? node.counts.inserted
    const measurable = rows !== undefined && rows >= 1000 && ms !== undefined && ms >= 200 && !node.kept
    const rate = measurable ? `${formatCount((rows / ms) * 1000)}/s` : ''
    return { counts: node.kept ? 'kept from an earlier run' : formatCounts(node.counts), rate, time }
  }
}

class PlainView extends View {
  protected log(event: RunEvent & { type: 'log' }): void {
    this.to.line(this.logLine(event))
  }

  protected changed(event: RunEvent): void {
    if (event.type !== 'node' || !isTerminal(event.state)) return
    const node = this.nodes.get(event.node)
    if (!node) return
    const { counts, rate, time } = this.facts(node)
    const facts = [counts, rate, time].filter((fact) => fact !== '').join(', ')
    const state = styleState(this.to, node.state, `${stateSigns[node.state]} ${node.state.padEnd(9)}`)
    this.to.line(`${state} ${printable(event.node)}${facts === '' ? '' : ` (${facts})`}`)
    if (event.error && event.state === 'failed') {
      const { message, at = {} } = event.error
      const place = formatPlace({ ...at, node: undefined })
      this.to.line(`  ${printable(message)}${place === '' ? '' : ` (${place})`}`)
    }
  }

  close(): void {}
}

class LiveView extends View {
  private drawn = 0
  private timer: NodeJS.Timeout | undefined

  protected log(event: RunEvent & { type: 'log' }): void {
    this.erase()
    this.to.line(this.logLine(event))
    this.draw()
  }

  protected changed(): void {
    this.timer ??= setTimeout(() => this.redraw(), redrawMs)
  }

  close(): void {
    this.redraw()
    clearTimeout(this.timer)
  }

  private redraw(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    this.erase()
    this.draw()
    const going = [...this.nodes.values()].some((node) => node.state === 'running')
    // Times go on while nothing else happens.
    if (going) this.timer = setTimeout(() => this.redraw(), 500).unref()
  }

  private erase(): void {
    if (this.drawn > 0) this.to.write(`\x1b[${this.drawn}A\x1b[J`)
    this.drawn = 0
  }

  private draw(): void {
    const lines = this.lines()
    for (const line of lines) this.to.line(line)
    this.drawn = lines.length
  }

  /** Never more lines than the screen has, or they could not be drawn over: what is at work comes first. */
  private lines(): string[] {
    const room = Math.max(3, (this.to.height ?? 24) - 3)
    const all = [...this.nodes]
    const shown = all.length <= room ? all : [...all].sort((a, b) => urgency(a[1]) - urgency(b[1])).slice(0, room - 1)
    const rows = shown.map(([id, node]) => ({ id: printable(id), node, ...this.facts(node) }))
    const widest = (texts: string[], most: number) => Math.min(most, Math.max(0, ...texts.map(textWidth)))
    const ids = widest(
      rows.map((row) => row.id),
      32,
    )
    const counts = widest(
      rows.map((row) => row.counts),
      36,
    )
    const rates = widest(
      rows.map((row) => row.rate),
      14,
    )
    const screen = this.to.width ?? 80
    const lines = rows.map((row) => {
      const facts = `${padTo(row.id, ids)}  ${padTo(row.counts, counts, 'right')}  ${padTo(row.rate, rates, 'right')}  ${row.time.padStart(10)}`
      const state = styleState(this.to, row.node.state, `${stateSigns[row.node.state]} ${row.node.state.padEnd(10)}`)
      return `${state} ${clip(facts.trimEnd(), screen - 14)}`
    })
    return shown.length === all.length ? lines : [...lines, this.to.style('dim', `… ${all.length - shown.length} more`)]
  }
}

function urgency({ state }: NodeView): number {
  const order: readonly RunState[] = [
    'failed',
    'crashed',
    'running',
    'cancelling',
    'pending',
    'cancelled',
    'completed',
    'skipped',
  ]
  return order.indexOf(state)
}
