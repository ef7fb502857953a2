import { Command, CommanderError } from 'commander'
import { productVersion } from '../../services/version.ts'
import type { Act, Define } from './command.ts'
import { type CliContext, createContext } from './context.ts'
import { exitCodeOf } from './output/errors.ts'

/** Only the file of the command that was asked for is loaded; `--help` loads them all, in this order. */
const commands: Record<string, () => Promise<{ define: Define }>> = {
  run: () => import('./commands/run.ts'),
  validate: () => import('./commands/validate.ts'),
  show: () => import('./commands/show.ts'),
  explain: () => import('./commands/explain.ts'),
  format: () => import('./commands/format.ts'),
  diff: () => import('./commands/diff.ts'),
  query: () => import('./commands/query.ts'),
  connections: () => import('./commands/connections.ts'),
  secrets: () => import('./commands/secrets.ts'),
  runs: () => import('./commands/runs.ts'),
  serve: () => import('./commands/serve.ts'),
}

const guide = `
Exit codes: 0 done · 1 failed · 2 wrong use or invalid document · 130 stopped

A first pipeline, in a file hello.pipeline.json:
  { "sluice": 1, "name": "Hello",
    "nodes": { "hello": { "kind": "rows", "config": { "columns": [{ "name": "who", "type": "text" }], "rows": [["world"]] } } } }
  $ sluice run hello.pipeline.json

Environment: SLUICE_HOME (where the workspace is), SLUICE_CONNECTION_<NAME> (a connection's URL),
SLUICE_SECRET_<NAME>, SLUICE_KEY (opens the vault), SLUICE_STORE (a workspace shared by several machines), NO_COLOR,
SLUICE_DEBUG (show stack traces)`

/** Runs the command line. @param args without program and script. @returns the exit code */
export async function main(args: readonly string[]): Promise<number> {
  const context = createContext()
  let code = 0
  const act: Act =
    (work) =>
    async (...values) => {
      code = await work(context, ...values)
    }
  try {
    const program = await build(args, act, context)
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    context.complain(error)
    return exitCodeOf(error)
  } finally {
    await context.close()
  }
}

async function build(args: readonly string[], act: Act, { out, err }: CliContext): Promise<Command> {
  const program = new Command('sluice')
    .description('Runs pipelines that move data between databases and files.')
    .version(productVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .addHelpText('after', guide)
    .showHelpAfterError('(add --help for help and examples)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out.write(text),
      writeErr: (text) => err.write(text),
      outputError: (text, write) => write(text),
    })
  const asked = args.find((word) => !word.startsWith('-')) ?? ''
  const chosen = Object.hasOwn(commands, asked) ? [commands[asked]] : Object.values(commands)
  for (const load of chosen) (await load?.())?.define(program, act)
  if (args.length === 0) {
    program.outputHelp({ error: true })
    throw new CommanderError(2, 'sluice.usage', 'A command is needed.')
  }
  return program
}
