import type { QueryClient } from '@tanstack/react-query'
import type { SchemaFunction } from '../../shared/contract/schema.ts'
import { api } from '../api/client.ts'
import type { SqlNames } from './complete.ts'

/** Milliseconds for which tables and columns are not asked for again. */
const fresh = 60_000

const noFunctions: readonly SchemaFunction[] = []

/** Tables, columns and functions of a saved connection, asked for when somebody completes and remembered for a while. */
export function databaseNames(
  queries: QueryClient,
  connection: string,
  folder: string,
): Pick<Required<SqlNames>, 'tables' | 'columnsOf' | 'functions'> {
  return {
    tables: () =>
      queries
        .fetchQuery({
          queryKey: ['tables', folder, connection],
          queryFn: () => api.connections.tables({ connection, folder }),
          staleTime: fresh,
        })
        .catch(() => []),
    functions: () =>
      queries
        .fetchQuery({
          queryKey: ['functions', folder, connection],
          queryFn: () => api.schema.functions({ connection, folder }),
          staleTime: fresh,
        })
        .catch(() => noFunctions),
    columnsOf: async ({ schema, name }) => {
      try {
        const found = await queries.fetchQuery({
          queryKey: ['table', folder, connection, schema === null ? name : `${schema}.${name}`],
          queryFn: () => api.connections.table({ connection, folder, schema, table: name }),
          staleTime: fresh,
        })
        return found?.columns ?? []
      } catch {
        // Half a name is typed, or the database cannot be reached; the look says so where it matters.
        return []
      }
    },
  }
}
