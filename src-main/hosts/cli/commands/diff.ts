import { registry } from '../../../../shared/nodes/registry.ts'
import { type Change, diffPipelines, isSame, type PipelineDiff } from '../../../../shared/pipeline/diff.ts'
import type { Edge } from '../../../../shared/pipeline/schema.ts'
import { lookAtPipeline } from '../../../services/pipeline-file.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import type { Terminal } from '../output/terminal.ts'
import { printable } from '../output/text.ts'

export const define: Define = (program, act) => {
  program
    .command('diff')
    .summary('compare two pipeline files by meaning')
    .description(
      'Says what differs between two pipelines: nodes added, removed, renamed and changed, edges, parameters.\nFormatting, spelt-out defaults and positions on the canvas do not count.',
    )
    .argument('<before>', 'pipeline file')
    .argument('<after>', 'pipeline file')
    .option('--json', 'print the difference as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice diff old.pipeline.json new.pipeline.json
  $ git difftool --extcmd 'sluice diff' -- daily.pipeline.json

Exit code 0 when both do the same, 1 when not, 2 when a file is no pipeline.`,
    )
    .action(act(diff))
}

async function diff(context: CliContext, before: string, after: string, options: { json?: boolean }): Promise<number> {
  const [a, b] = [await lookAtPipeline(before, context.cwd), await lookAtPipeline(after, context.cwd)]
  const found = diffPipelines(a.pipeline, b.pipeline, registry)
  if (options.json) context.out.line(JSON.stringify(found))
  else print(context.out, found)
  return isSame(found) ? 0 : 1
}

function print(to: Terminal, { document, parameters, nodes, edges, moved }: PipelineDiff): void {
  const gone = (text: string) => to.line(to.style('red', `- ${printable(text)}`))
  const come = (text: string) => to.line(to.style('green', `+ ${printable(text)}`))
  const changed = (text: string) => to.line(to.style('yellow', `~ ${printable(text)}`))
  const details = (changes: readonly Change[], indent: string) => {
    for (const change of changes) printChange(to, change, indent)
  }
  details(document, '')
  for (const name of parameters.removed) gone(`parameter ${name}`)
  for (const name of parameters.added) come(`parameter ${name}`)
  for (const { name, changes } of parameters.changed) {
    changed(`parameter ${name}`)
    details(changes, '    ')
  }
  for (const id of nodes.removed) gone(`node ${id}`)
  for (const id of nodes.added) come(`node ${id}`)
  for (const { from, to: now } of nodes.renamed) changed(`node ${from} is now ${now}`)
  for (const { id, changes } of nodes.changed) {
    changed(`node ${id}`)
    details(changes, '    ')
  }
  for (const edge of edges.removed) gone(`edge ${edgeText(edge)}`)
  for (const edge of edges.added) come(`edge ${edgeText(edge)}`)
  for (const id of edges.reordered) changed(`order of the edges into ${id}`)
  if (moved.length > 0) to.line(to.style('dim', `(moved on the canvas: ${moved.join(', ')})`))
}

function printChange(to: Terminal, { path, before, after }: Change, indent: string): void {
  to.line(`${indent}${printable(path)}`)
  for (const [sign, value, style] of [
    ['-', before, 'red'],
    ['+', after, 'green'],
  ] as const) {
    if (value === undefined) continue
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
    for (const line of text.split('\n')) to.line(to.style(style, `${indent}  ${sign} ${printable(line)}`))
  }
}

function edgeText({ from, to, fromPort, toPort, after }: Edge): string {
  const port = (name: string | undefined) => (name === undefined ? '' : `.${name}`)
  return `${from}${port(fromPort)} → ${to}${port(toPort)}${after ? ' (order only)' : ''}`
}
