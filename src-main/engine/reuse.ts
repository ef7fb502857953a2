import { quoteName } from '../../shared/sql/duckdb.ts'
import { outputKey } from './attempt.ts'
import type { PlannedNode } from './plan.ts'
import type { KeptOutput, Output } from './scope.ts'

/** What an earlier run left that this run may use. */
export interface Earlier {
  /** Rows that are still there. */
  kept: KeptOutput[]
  /** Nodes with an effect that completed, with their fingerprints; only a resumed run leaves them out. */
  completed: { node: string; fingerprint: string }[]
  /** Run only what did not complete, and what that needs. */
  resume: boolean
}

export interface Reuse {
  /** Outputs taken over, by `node:port`. */
  outputs: Map<string, Output>
  attach: { alias: string; file: string }[]
  /** Nodes that need not run: rows kept, or effect done. */
  kept: Set<string>
  /** Nodes that nothing asks for any more. */
  unneeded: Set<string>
}

/**
 * Chooses what need not run again. A node's rows are taken over only when its fingerprint is the same and the rows of all
 * ports in use are there.
 */
export function reuseOf(
  nodes: ReadonlyMap<string, PlannedNode>,
  prints: ReadonlyMap<string, string>,
  earlier: Earlier,
): Reuse {
  const outputs = new Map<string, Output>()
  const aliases = new Map<string, string>()
  for (const output of earlier.kept) {
    if (prints.get(output.node) !== output.fingerprint) continue
    const alias = aliases.get(output.file) ?? `kept${aliases.size}`
    aliases.set(output.file, alias)
    const relation = `${alias}.main.${quoteName(output.table)}`
    const { file, table, columns, rows } = output
    outputs.set(outputKey(output.node, output.port), { file, table, columns, rows, relation })
  }
  const done = new Set(
    earlier.completed.filter(({ node, fingerprint }) => prints.get(node) === fingerprint).map(({ node }) => node),
  )
  const kept = new Set<string>()
  for (const node of nodes.values()) {
    const ports =
      node.consumers.length > 0
        ? node.consumers.map((edge) => edge.fromPort)
        : node.definition.outputs.slice(0, 1).map((port) => port.name)
    const rowsThere = ports.length > 0 && ports.every((port) => outputs.has(outputKey(node.id, port)))
    const isDone = node.definition.effect ? earlier.resume && done.has(node.id) : rowsThere
    if (isDone) kept.add(node.id)
  }
  return {
    outputs,
    attach: [...aliases].map(([file, alias]) => ({ alias, file })),
    kept,
    unneeded: earlier.resume ? unneeded(nodes, kept) : new Set(),
  }
}

/** From the end backwards: a node is needed when it must run itself, or something that runs takes its rows or waits for it. */
function unneeded(nodes: ReadonlyMap<string, PlannedNode>, kept: ReadonlySet<string>): Set<string> {
  const needed = new Set<string>()
  for (const node of [...nodes.values()].toReversed()) {
    if (kept.has(node.id)) continue
    const wanted = node.definition.effect || node.consumers.length === 0 || needed.has(node.id)
    if (!wanted) continue
    needed.add(node.id)
    for (const edge of node.inputs) needed.add(edge.from)
    for (const id of node.after) needed.add(id)
  }
  return new Set([...nodes.keys()].filter((id) => !needed.has(id) && !kept.has(id)))
}
