import type { Column } from '../../../../shared/data/types.ts'
import type { Row } from '../../../../shared/data/wire.ts'
import type { Pipeline } from '../../../../shared/pipeline/schema.ts'
import { OpenResults } from '../../../services/open-results.ts'
import type { FinishedRun } from '../../../services/start-run.ts'
import type { CliContext } from '../context.ts'
import { TablePrinter } from './table.ts'
import { printable } from './text.ts'
import { formatRows } from './words.ts'

const shownRows = 20

/** The first rows of an output port. */
interface End {
  node: string
  port: string
  columns: readonly Column[]
  rows: readonly Row[]
  /** Rows of the port, where they were counted by port. */
  total: number | undefined
}

/** Prints the first rows of what the pipeline ends in: nodes whose rows nothing takes, or the node that was asked for. */
export async function printEnds(
  context: CliContext,
  pipeline: Pipeline,
  finished: FinishedRun,
  to: string | undefined,
): Promise<void> {
  const taken = new Set(pipeline.edges.filter((edge) => !edge.after).map((edge) => edge.from))
  const { nodes } = finished.outcome
  const ends = Object.keys(nodes).filter((id) => (to === undefined ? !taken.has(id) : id === to))
  const kept = await keptEnds(
    context,
    finished,
    ends.filter((id) => nodes[id]?.kept),
  )
  const all = ends.flatMap((id) => [...sampledEnds(finished, id), ...kept.filter(({ node }) => node === id)])
  for (const end of all)
    print(context, end, { headed: all.length > 1, only: all.filter(({ node }) => node === end.node).length === 1 })
}

function sampledEnds({ outcome }: FinishedRun, node: string): End[] {
  const { samples = {}, counts = {} } = outcome.nodes[node] ?? {}
  const ports = Object.entries(samples).filter(([port, { rows }]) => port !== 'rejects' || rows.length > 0)
  const total = Object.keys(samples).length === 1 ? counts.rowsOut : undefined
  return ports.map(([port, { columns, rows }]) => ({ node, port, columns, rows, total }))
}

/** Rows that an earlier run has kept are not among the samples of this one. */
async function keptEnds(
  context: CliContext,
  { runId, outcome }: FinishedRun,
  nodes: readonly string[],
): Promise<End[]> {
  if (nodes.length === 0) return []
  const results = new OpenResults(context.workspace())
  try {
    const ends: End[] = []
    for (const { node, port, columns, rows: total } of outcome.outputs) {
      if (!nodes.includes(node) || (port === 'rejects' && total === 0)) continue
      const { rows } = await results.use({ run: runId, node, port }, (open) =>
        open.window({ offset: 0, limit: shownRows }),
      )
      ends.push({ node, port, columns, rows, total })
    }
    return ends
  } finally {
    await results.close()
  }
}

function print({ out }: CliContext, end: End, { headed, only }: { headed: boolean; only: boolean }): void {
  if (headed) out.line(out.style('bold', printable(only ? end.node : `${end.node}, ${end.port}`)))
  const printer = new TablePrinter(out, end.columns)
  printer.rows(end.rows.slice(0, shownRows))
  printer.end()
  const total = Math.max(end.rows.length, end.total ?? 0)
  out.line(out.style('dim', `(${total > shownRows ? `the first ${shownRows} of ` : ''}${formatRows(total)})`))
}
