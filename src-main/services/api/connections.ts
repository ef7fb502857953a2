import type { KnownConnection } from '../../../shared/contract/connections.ts'
import { api } from './context.ts'
import { savedConnections } from './saved-connections.ts'

export const connections = {
  ...savedConnections,
  known: api.connections.known.handler(async ({ context, input }): Promise<KnownConnection[]> => {
    const { workspace } = context
    const where = { folder: input.folder, cwd: workspace.home }
    const names = await workspace.known(where)
    const found = await Promise.all(names.map((name) => workspace.resolve(name, where).catch(() => undefined)))
    return found.flatMap((resolved) => {
      if (!resolved) return []
      const { name, config, source, folder } = resolved
      return [
        {
          name,
          dialect: config.dialect,
          origin: source === 'file' ? 'folder' : source === 'workspace' ? 'workspace' : 'environment',
          definedIn: source === 'file' ? folder : null,
          readOnly: config.readOnly ?? false,
          ...(config.color === undefined ? {} : { color: config.color }),
          ...(config.environment === undefined ? {} : { environment: config.environment }),
        },
      ]
    })
  }),
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
