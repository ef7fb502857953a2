import { Option } from 'commander'
import { registry } from '../../../../shared/nodes/registry.ts'
import { resolveParameters } from '../../../../shared/pipeline/parameters.ts'
import type { RunMode } from '../../../../shared/run.ts'
import type { NodePlan, PlanDescription, StagePlan } from '../../../engine/explain.ts'
import { readPipeline } from '../../../services/pipeline-file.ts'
import { surroundings } from '../../../services/start-run.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { limitsOf, pairs } from '../options.ts'
import { exitCodeOf } from '../output/errors.ts'
import { printable } from '../output/text.ts'

export const define: Define = (program, act) => {
  program
    .command('explain')
    .summary('the plan of a run: stages, and the SQL at each database')
    .description(
      'Shows how a pipeline would run: which nodes run as one stage, what waits for what, and the SQL that each database\nand the embedded engine would be given. Nothing is run.',
    )
    .argument('<file>', 'pipeline file')
    .option('-p, --param <name=value>', "a parameter's value; may be given again", pairs)
    .option('-c, --connection <name=url>', 'use this database for a connection; may be given again', pairs)
    .option('--to <node>', 'only this node and what it needs')
    .addOption(new Option('--mode <mode>', 'the mode to plan for').choices(['inspect', 'deliver']).default('deliver'))
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice explain daily.pipeline.json
  $ sluice explain daily.pipeline.json --mode inspect --json`,
    )
    .action(act(explain))
}

interface Options {
  param?: Record<string, string>
  connection?: Record<string, string>
  to?: string
  mode: RunMode
  json?: boolean
}

async function explain(context: CliContext, path: string, options: Options): Promise<number> {
  try {
    const { pipeline, folder } = await readPipeline(path, context.cwd)
    const params = resolveParameters(pipeline.parameters, options.param ?? {})
    const request = { folder, overrides: options.connection ?? {}, cwd: context.cwd, limits: limitsOf({}) }
    const { explainPipeline } = await import('../../../engine/index.ts')
    const plan = await explainPipeline({
      ...surroundings(context.workspace(), request, params),
      pipeline,
      registry,
      mode: options.mode,
      ...(options.to === undefined ? {} : { to: options.to }),
      signal: context.signal,
    })
    if (options.json) context.out.line(JSON.stringify(context.workspace().redactor.redact(plan)))
    else printPlan(context, plan)
    const errors = plan.stages.flatMap((stage) => stage.nodes.flatMap((node) => node.error ?? []))
    if (!options.json) for (const error of errors) context.complain(error, path)
    return Math.max(0, ...errors.map(exitCodeOf))
  } catch (error) {
    context.complain(error, path)
    return exitCodeOf(error)
  }
}

function printPlan(context: CliContext, plan: PlanDescription): void {
  const numbers = new Map(plan.stages.map((stage, index) => [stage.root, index + 1]))
  for (const stage of plan.stages) printStage(context, stage, numbers)
  if (plan.left.length > 0) context.out.line(`Left out: ${printable(plan.left.join(', '))}`)
}

function printStage({ out }: CliContext, stage: StagePlan, numbers: ReadonlyMap<string, number>): void {
  const waits = stage.dependsOn.map((root) => numbers.get(root)).filter((number) => number !== undefined)
  const after = waits.length === 0 ? '' : `, after stage ${waits.join(', ')}`
  const way = stage.direct ? ' (rows stream straight through)' : ''
  const end = stage.ends === 'effect' ? `ends in ${stage.root}` : `keeps the rows of ${stage.root}`
  out.line(out.style('bold', printable(`Stage ${numbers.get(stage.root) ?? '?'}${after}: ${end}${way}`)))
  for (const node of stage.nodes) {
    const summary = node.summary === '' ? '' : `: ${node.summary}`
    out.line(printable(`  ${node.node} (${node.kind})${summary}${place(node)}`))
    for (const [port, sql] of Object.entries(node.sql)) {
      const lines = printable(sql, { lines: true }).split('\n')
      if (Object.keys(node.sql).length > 1) out.line(out.style('dim', `    -- ${printable(port)}`))
      for (const line of lines) out.line(out.style('cyan', `    ${line}`))
    }
  }
}

function place({ runsAt }: NodePlan): string {
  if (runsAt === 'engine') return ' — in the embedded engine'
  return runsAt === 'outside' ? '' : ` — at connection ${runsAt}`
}
