import { AppError } from '../../../../shared/errors.ts'
import type { Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { printList } from '../output/table.ts'
import { secretFrom } from '../prompt.ts'

export const define: Define = (program, act) => {
  const secrets = program
    .command('secrets')
    .summary('secrets that pipelines use by name: list, set, remove')
    .description(
      'Secrets that nodes refer to by name, such as tokens of HTTP sources. They are sealed and never shown.',
    )
  secrets.command('list').description('names of the secrets').option('--json', 'print NDJSON').action(act(list))
  secrets
    .command('set')
    .description('save a secret, or replace it; asked for without echo')
    .argument('<name>', 'name of the secret')
    .option('--stdin', 'read it from stdin')
    .option('--env <variable>', 'read it from an environment variable')
    .addHelpText(
      'after',
      '\nExamples:\n  $ sluice secrets set weather-token\n  $ pass weather | sluice secrets set weather-token --stdin',
    )
    .action(act(set))
  secrets.command('remove').description('forget a secret').argument('<name>', 'name of the secret').action(act(remove))
}

async function list(context: CliContext, options: { json?: boolean }): Promise<number> {
  const found = await context.workspace().secrets.list()
  if (options.json) for (const secret of found) context.out.line(JSON.stringify(secret))
  else if (found.length === 0) context.out.line('No secrets.')
  else
    printList(
      context.out,
      ['secret', 'set'],
      found.map(({ name, updatedAt }) => [name, updatedAt]),
    )
  return 0
}

async function set(context: CliContext, name: string, options: { stdin?: boolean; env?: string }): Promise<number> {
  const value = await secretFrom(context, `${name}: `, options)
  if (value === undefined || value === '') {
    throw new AppError('CONFIG_INVALID', 'There is no secret to save.', {
      hint: 'Use --stdin or --env VARIABLE where there is no terminal.',
    })
  }
  await context.workspace().secrets.set(name, value)
  context.err.line(`Saved the secret ${name}.`)
  return 0
}

async function remove(context: CliContext, name: string): Promise<number> {
  await context.workspace().secrets.remove(name)
  context.err.line(`Removed the secret ${name}.`)
  return 0
}
