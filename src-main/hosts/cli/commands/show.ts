import { type Column, formatType } from '../../../../shared/data/types.ts'
import { registry } from '../../../../shared/nodes/registry.ts'
import { requireNode } from '../../../../shared/pipeline/graph.ts'
import { resolveParameters } from '../../../../shared/pipeline/parameters.ts'
import { readPipeline } from '../../../services/pipeline-file.ts'
import { surroundings } from '../../../services/start-run.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { limitsOf, pairs } from '../options.ts'
import { exitCodeOf } from '../output/errors.ts'
import { printList } from '../output/table.ts'
import { printable } from '../output/text.ts'

export const define: Define = (program, act) => {
  program
    .command('show')
    .summary('columns of every node, without running')
    .description(
      'Shows the columns that every node gives. Databases are asked to prepare the queries, not to run them.',
    )
    .argument('<file>', 'pipeline file')
    .argument('[node]', 'only this node')
    .option('-p, --param <name=value>', "a parameter's value; may be given again", pairs)
    .option('-c, --connection <name=url>', 'use this database for a connection; may be given again', pairs)
    .option('--json', 'print one JSON object per node')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice show daily.pipeline.json
  $ sluice show daily.pipeline.json big --json`,
    )
    .action(act(show))
}

interface Options {
  param?: Record<string, string>
  connection?: Record<string, string>
  json?: boolean
}

async function show(context: CliContext, path: string, only: string | undefined, options: Options): Promise<number> {
  const { pipeline, folder } = await readPipeline(path, context.cwd).catch((error: unknown) => {
    context.complain(error, path)
    return { pipeline: undefined, folder: '' }
  })
  if (pipeline === undefined) return 2
  if (only !== undefined) requireNode(pipeline, only)
  const params = resolveParameters(pipeline.parameters, options.param ?? {})
  const request = { folder, overrides: options.connection ?? {}, cwd: context.cwd, limits: limitsOf({}) }
  const { analysePipeline } = await import('../../../engine/index.ts')
  const nodes = await analysePipeline({
    ...surroundings(context.workspace(), request, params),
    pipeline,
    registry,
    ...(only === undefined ? {} : { to: only }),
    signal: context.signal,
  })
  let code = 0
  for (const [id, { columns, error }] of nodes) {
    if (only !== undefined && id !== only) continue
    if (error) code = Math.max(code, exitCodeOf(error))
    if (options.json) {
      const report = error === undefined ? {} : { error: context.report(error) }
      context.out.line(
        JSON.stringify({ node: id, kind: pipeline.nodes[id]?.kind, columns: spelled(columns), ...report }),
      )
      continue
    }
    for (const [port, found] of Object.entries(columns)) printColumns(context, id, port, found, error !== undefined)
    if (Object.keys(columns).length === 0)
      context.out.line(context.out.style('bold', `${printable(id)}: no rows come out`))
    if (error) context.complain(error, path)
  }
  return code
}

function printColumns(context: CliContext, id: string, port: string, columns: Column[] | null, failed: boolean): void {
  const { out } = context
  const name = port === 'out' ? id : `${id}.${port}`
  if (columns === null) {
    out.line(`${out.style('bold', printable(name))}: columns are ${failed ? 'not known' : 'known only once it runs'}`)
    return
  }
  out.line(out.style('bold', printable(name)))
  printList(
    out,
    ['column', 'type', 'null'],
    columns.map((column) => [column.name, formatType(column.type), column.nullable === false ? 'never' : '']),
  )
}

function spelled(columns: Record<string, Column[] | null>) {
  const spell = ({ name, type, nullable }: Column) => ({
    name,
    type: formatType(type),
    ...(nullable === undefined ? {} : { nullable }),
  })
  return Object.fromEntries(Object.entries(columns).map(([port, found]) => [port, found?.map(spell) ?? null]))
}
