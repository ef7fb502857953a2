import { registry } from '../../../../shared/nodes/registry.ts'
import { formatPipeline } from '../../../../shared/pipeline/format.ts'
import { lookAtPipeline } from '../../../services/pipeline-file.ts'
import { replaceFile } from '../../../services/replace-file.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { exitCodeOf } from '../output/errors.ts'

export const define: Define = (program, act) => {
  program
    .command('format')
    .summary('rewrite pipeline files in the standard form')
    .description(
      'Rewrites pipeline files in the standard form, and in the present version of the format. The meaning stays the same;\na file that cannot be read as a pipeline is left untouched.',
    )
    .argument('<file...>', 'pipeline files')
    .option('--check', 'only say which files would change; exit code 1 when any would')
    .option('--stdout', 'print the result instead of writing it')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice format pipelines/*.pipeline.json
  $ sluice format --check pipelines/*.pipeline.json     # in continuous integration

As a git textconv, so that diffs do not show formatting:
  $ git config diff.sluice.textconv 'sluice format --stdout'
  $ echo '*.pipeline.json diff=sluice' >> .gitattributes`,
    )
    .action(act(format))
}

interface Options {
  check?: boolean
  stdout?: boolean
}

async function format(context: CliContext, files: string[], options: Options): Promise<number> {
  let code = 0
  for (const path of files) {
    try {
      const { file, text, pipeline } = await lookAtPipeline(path, context.cwd)
      const formatted = formatPipeline(pipeline, registry)
      if (options.stdout) context.out.write(formatted)
      else if (text === formatted) continue
      else if (options.check) {
        context.out.line(`${path} is not in the standard form`)
        code = Math.max(code, 1)
      } else {
        await replaceFile(file, formatted)
        context.out.line(`${path} formatted`)
      }
    } catch (error) {
      context.complain(error, path)
      code = Math.max(code, exitCodeOf(error))
    }
  }
  return code
}
