import type { QueryClient } from '@tanstack/react-query'
import type { KnownTable, SqlNames } from '../editors/complete.ts'
import { databaseNames } from '../editors/database-names.ts'
import type { PlacedConnection } from './connections.ts'

/** The schema of a table in names of three parts; that of SQLite goes without saying. */
const schemaOf = ({ schema }: { schema: string | null }) => schema ?? 'main'

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** Connections, then their schemas and tables, for SQL over all of them. Each is asked when its name is typed. */
export function workspaceNames(
  queries: QueryClient,
  connections: readonly PlacedConnection[],
  folder: string,
): Pick<Required<SqlNames>, 'tables' | 'columnsOf' | 'within'> {
  const known = (name: string) => connections.find((one) => same(one.name, name))
  const reach = ({ name }: PlacedConnection) => databaseNames(queries, name, folder)
  return {
    tables: async () => connections.map(({ name }): KnownTable => ({ schema: null, name, kind: 'connection' })),
    async within([connection = '', schema]) {
      const found = known(connection)
      const tables = found ? await reach(found).tables() : []
      if (schema !== undefined) {
        return tables
          .filter((one) => same(schemaOf(one), schema))
          .map(({ name, kind }) => ({ schema: null, name, ...(kind && { kind }) }))
      }
      const schemas = [...new Set(tables.map(schemaOf))].map(
        (name): KnownTable => ({ schema: null, name, kind: 'schema' }),
      )
      const own = schemas.length === 1 ? tables : tables.filter((one) => schemaOf(one) === 'public')
      return [...schemas, ...own.map(({ name, kind }) => ({ schema: null, name, ...(kind && { kind }) }))]
    },
    async columnsOf({ catalog, schema, name }) {
      const found = known(catalog ?? schema ?? '')
      if (!found) return []
      const inSchema = catalog && !(found.dialect === 'sqlite' && schema === 'main') ? schema : null
      return reach(found).columnsOf({ schema: inSchema, name })
    },
  }
}
