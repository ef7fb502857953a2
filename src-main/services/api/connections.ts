import type { KnownConnection } from '../../../shared/contract/connections.ts'
import { parseConnectionUrl } from '../connection-file.ts'
import { testConnection } from '../connections.ts'
import { api } from './context.ts'

export const connections = {
  list: api.connections.list.handler(({ context }) => context.workspace.connections.list()),
  known: api.connections.known.handler(async ({ context, input }): Promise<KnownConnection[]> => {
    const { workspace } = context
    const where = { folder: input.folder, cwd: workspace.home }
    const names = await workspace.known(where)
    const found = await Promise.all(names.map((name) => workspace.resolve(name, where).catch(() => undefined)))
    return found.flatMap((resolved) => {
      if (!resolved) return []
      const { name, config, source } = resolved
      return [
        {
          name,
          dialect: config.dialect,
          origin: source === 'file' ? 'folder' : source === 'workspace' ? 'workspace' : 'environment',
          readOnly: config.readOnly ?? false,
          ...(config.color === undefined ? {} : { color: config.color }),
          ...(config.environment === undefined ? {} : { environment: config.environment }),
        },
      ]
    })
  }),
  save: api.connections.save.handler(async ({ context, input }) => {
    const { connections: saved, home } = context.workspace
    await (input.create ? saved.add : saved.update)(input.name, input.config, home)
  }),
  rename: api.connections.rename.handler(({ context, input }) =>
    context.workspace.connections.rename(input.name, input.to),
  ),
  remove: api.connections.remove.handler(({ context, input }) => context.workspace.connections.remove(input.name)),
  test: api.connections.test.handler(({ context, input, signal }) => {
    const { workspace } = context
    const folder = input.folder ?? workspace.home
    if (input.config === undefined) return workspace.test(input.name, { folder, cwd: workspace.home }, signal)
    const given = { name: input.name, config: input.config, folder, source: 'workspace' as const, origin: 'the form' }
    return testConnection(given, workspace.redactor, signal)
  }),
  parseUrl: api.connections.parseUrl.handler(({ input }) => parseConnectionUrl(input.url)),
  tables: api.connections.tables.handler(async ({ context, input }) => {
    await using database = await context.live.open(input.connection, whereOf(context.workspace.home, input))
    return (await database.tables()).map(({ schema, name, kind }) => ({ schema: schema ?? null, name, kind }))
  }),
  table: api.connections.table.handler(async ({ context, input }) => {
    await using database = await context.live.open(input.connection, whereOf(context.workspace.home, input))
    const { schema, table: name } = input
    const found = await database.table(schema === null ? { name } : { schema, name })
    return found ? { ...found, schema: found.schema ?? null } : null
  }),
  describe: api.connections.describe.handler(async ({ context, input, signal }) => {
    await using database = await context.live.open(input.connection, whereOf(context.workspace.home, input))
    return database.describe({ sql: input.sql }, signal)
  }),
}

const whereOf = (home: string, { folder }: { folder: string }) => ({ folder, cwd: home })
