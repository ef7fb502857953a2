import { toAppError } from '../../../../shared/errors.ts'
import { readPipeline } from '../../../services/pipeline-file.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { reportsOf } from '../output/errors.ts'

export const define: Define = (program, act) => {
  program
    .command('validate')
    .summary('check pipeline files without running them')
    .description(
      'Checks pipeline files: syntax, nodes, configs, parameters and edges. Nothing is run and no database is asked;\n`sluice show` also asks the databases for columns.',
    )
    .argument('<file...>', 'pipeline files')
    .option('--json', 'print one JSON object per file')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice validate daily.pipeline.json
  $ sluice validate pipelines/*.pipeline.json --json

Exit code 2 when a file has a problem.`,
    )
    .action(act(validate))
}

async function validate(context: CliContext, files: string[], options: { json?: boolean }): Promise<number> {
  let invalid = 0
  for (const file of files) {
    try {
      const { pipeline } = await readPipeline(file, context.cwd)
      const nodes = Object.keys(pipeline.nodes).length
      if (options.json) context.out.line(JSON.stringify({ file, valid: true, problems: [] }))
      else context.out.line(`${file}: valid (${nodes} ${nodes === 1 ? 'node' : 'nodes'})`)
    } catch (error) {
      invalid++
      if (options.json) {
        context.out.line(JSON.stringify({ file, valid: false, problems: reportsOf(toAppError(error)) }))
      } else context.complain(error, file)
    }
  }
  return invalid === 0 ? 0 : 2
}
