import { type Command, Option } from 'commander'
import { type ConnectionConfig, connectionConfig, dialectIds } from '../../../../shared/connections.ts'
import { AppError } from '../../../../shared/errors.ts'
import { joinSecrets, splitSecrets } from '../../../services/connection-secrets.ts'
import { mask } from '../../../services/redact.ts'
import type { Act, Define } from '../command.ts'
import type { CliContext } from '../context.ts'
import { pairs, positive } from '../options.ts'
import { printReport } from '../output/errors.ts'
import { printList } from '../output/table.ts'
import { printable } from '../output/text.ts'
import { formatDuration } from '../output/words.ts'
import { secretFrom } from '../prompt.ts'

export const define: Define = (program, act) => {
  const connections = program
    .command('connections')
    .summary('databases by name: list, add, show, test, remove')
    .description(
      'Databases that pipelines use by name. A name is looked up in --connection, in SLUICE_CONNECTION_<NAME>, in a\nconnections.json beside the pipeline or above it, and in the workspace.',
    )
  addAdd(connections, act)
  connections.command('list').description('connections known here').option('--json', 'print NDJSON').action(act(list))
  connections
    .command('show')
    .description('one connection, without its secrets')
    .argument('<name>', 'name of the connection')
    .option('--json', 'print it as JSON')
    .action(act(show))
  connections
    .command('test')
    .description('connect, and say how long it took')
    .argument('<name>', 'name of the connection')
    .option('-c, --connection <name=url>', 'use this database for a connection', pairs)
    .action(act(test))
  connections
    .command('remove')
    .description('forget a saved connection')
    .argument('<name>', 'name of the connection')
    .action(act(remove))
}

function addAdd(connections: Command, act: Act): void {
  connections
    .command('add')
    .description('save a connection in the workspace')
    .argument('<name>', 'name to use in pipelines')
    .argument('[url]', 'sqlite:path/to/file.db, or postgres:// or mysql://user@host:port/database')
    .addOption(new Option('--dialect <dialect>', 'kind of database').choices([...dialectIds]))
    .option('--file <path>', 'SQLite: the database file')
    .option('--host <host>', 'host of the server')
    .option('--port <port>', 'port of the server', positive)
    .option('--database <name>', 'name of the database')
    .option('--user <name>', 'user to connect as')
    .option('--password-stdin', 'read the password from stdin')
    .option('--password-env <variable>', 'read the password from an environment variable')
    .option('--no-password', 'there is no password; do not ask')
    .option('--read-only', 'the database refuses all writes')
    .addOption(new Option('--tls <mode>', 'encryption').choices(['off', 'prefer', 'require', 'verify']))
    .option('--tls-ca <file>', 'certificate authority to trust')
    .addHelpText(
      'after',
      `
Examples:
  $ sluice connections add shop sqlite:data/shop.db --read-only
  $ sluice connections add lake postgres://etl@db.example.com/lake        # asks for the password
  $ pass lake | sluice connections add lake postgres://etl@db.example.com/lake --password-stdin

Passwords are sealed; keep them out of the URL, where other users and the shell's history can see them.`,
    )
    .action(act(add))
}

interface AddOptions {
  dialect?: ConnectionConfig['dialect']
  file?: string
  host?: string
  port?: number
  database?: string
  user?: string
  passwordStdin?: boolean
  passwordEnv?: string
  password: boolean
  readOnly?: boolean
  tls?: 'off' | 'prefer' | 'require' | 'verify'
  tlsCa?: string
}

async function add(context: CliContext, name: string, url: string | undefined, options: AddOptions): Promise<number> {
  const config = await configOf(url, options)
  if (config.password !== undefined) {
    context.err.line('warn: the password stands on the command line, where others can see it; prefer --password-stdin.')
  } else if (config.dialect !== 'sqlite' && options.password) {
    const from = { stdin: options.passwordStdin, env: options.passwordEnv }
    const password = await secretFrom(context, `Password for ${config.user ?? name} (empty for none): `, from)
    if (password) config.password = password
  }
  await context.workspace().connections.add(name, config, context.cwd)
  context.err.line(`Saved the connection ${name}. Try it with: sluice connections test ${name}`)
  return 0
}

async function configOf(url: string | undefined, options: AddOptions): Promise<ConnectionConfig> {
  const { parseConnectionUrl } = await import('../../../services/connection-file.ts')
  const base = url === undefined ? {} : await parseConnectionUrl(url)
  const { dialect, file, host, port, database, user, readOnly, tls, tlsCa } = options
  const given = { dialect, file, host, port, database, user, readOnly }
  const encryption = tls === undefined && tlsCa === undefined ? undefined : { mode: tls ?? 'verify', ca: tlsCa }
  const whole = {
    ...base,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(encryption === undefined ? {} : { tls: encryption }),
  }
  const parsed = connectionConfig.safeParse(whole)
  if (parsed.success) return parsed.data
  throw new AppError('CONNECTION_INVALID', 'It is not said which database to connect to.', {
    hint: 'Give a URL such as sqlite:shop.db or postgres://user@host/database, or --dialect with --file or --host.',
  })
}

async function list(context: CliContext, options: { json?: boolean }): Promise<number> {
  const workspace = context.workspace()
  const where = { folder: context.cwd, cwd: context.cwd }
  const rows: string[][] = []
  const unusable: unknown[] = []
  for (const name of await workspace.known(where)) {
    try {
      const { config, source, origin } = await workspace.resolve(name, where)
      if (options.json) context.out.line(JSON.stringify({ name, source, origin, config: hidden(config) }))
      rows.push([name, config.dialect, placeOf(config), config.readOnly ? 'read-only' : '', origin])
    } catch (error) {
      if (options.json) context.out.line(JSON.stringify({ name, error: context.report(error) }))
      rows.push([name, '?', 'cannot be used, see below', '', ''])
      unusable.push(error)
    }
  }
  if (options.json) return 0
  if (rows.length === 0) context.out.line('No connections. Add one with: sluice connections add NAME URL')
  else printList(context.out, ['connection', 'database', 'place', 'access', 'from'], rows)
  for (const error of unusable) context.complain(error)
  return 0
}

async function show(context: CliContext, name: string, options: { json?: boolean }): Promise<number> {
  const { config, source, origin } = await context.workspace().resolve(name, { folder: context.cwd, cwd: context.cwd })
  const shown = hidden(config)
  if (options.json) {
    context.out.line(JSON.stringify({ name, source, origin, config: shown }))
    return 0
  }
  const fact = (key: string, value: unknown) =>
    context.out.line(
      `${context.out.style('dim', key.padEnd(12))} ${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
  fact('connection', name)
  fact('from', origin)
  for (const [key, value] of Object.entries(shown)) if (value !== undefined) fact(key, value)
  return 0
}

async function test(
  context: CliContext,
  name: string,
  options: { connection?: Record<string, string> },
): Promise<number> {
  const where = { folder: context.cwd, cwd: context.cwd, overrides: options.connection ?? {} }
  const { ok, ms, version, error } = await context.workspace().test(name, where, context.signal)
  if (ok) {
    context.out.line(
      `${name}: connected in ${formatDuration(ms)}${version === undefined ? '' : `, version ${printable(version)}`}`,
    )
    return 0
  }
  if (error) printReport(context.err, error)
  return 1
}

async function remove(context: CliContext, name: string): Promise<number> {
  await context.workspace().connections.remove(name)
  context.err.line(`Removed the connection ${name}.`)
  return 0
}

function placeOf({ dialect, file, host, port, database, user }: ConnectionConfig): string {
  if (dialect === 'sqlite') return file ?? ''
  const server = `${host ?? 'localhost'}${port === undefined ? '' : `:${port}`}`
  return `${user === undefined ? '' : `${user}@`}${server}${database === undefined ? '' : `/${database}`}`
}

/** The config as people may see it. */
function hidden(config: ConnectionConfig): ConnectionConfig {
  const { config: rest, secrets } = splitSecrets(config)
  return joinSecrets(rest, Object.fromEntries(Object.keys(secrets).map((path) => [path, mask])))
}
