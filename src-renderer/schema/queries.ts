import { type QueryClient, type UseQueryResult, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { SchemaDetail, SchemaObject } from '../../shared/contract/schema.ts'
import { api, asAppError } from '../api/client.ts'
import { type Listing, listObjects } from './listing.ts'
import { type Place, placeKey } from './place.ts'
import type { DetailState } from './rows.ts'

/** Milliseconds for which a database is not asked again for what it said. */
const fresh = 300_000

const objectsKey = ({ connection, folder }: Place) => ['schema', folder, connection, 'objects']
const detailKey = ({ connection, folder }: Place, { schema, name }: Pick<SchemaObject, 'schema' | 'name'>) => [
  'schema',
  folder,
  connection,
  'object',
  schema,
  name,
]

/** What a database holds. */
export function useObjects(place: Place): UseQueryResult<Listing> {
  return useQuery({
    queryKey: objectsKey(place),
    queryFn: async () => listObjects(await api.schema.objects({ connection: place.connection, folder: place.folder })),
    staleTime: fresh,
    structuralSharing: false,
  })
}

const detailQuery = (place: Place, { schema, name }: Pick<SchemaObject, 'schema' | 'name'>) => ({
  queryKey: detailKey(place, { schema, name }),
  queryFn: () => api.schema.object({ connection: place.connection, folder: place.folder, schema, name }),
  staleTime: fresh,
})

/** Columns, keys and indexes of some objects, by their ids. */
export function useDetails(place: Place, listing: Listing | undefined, ids: ReadonlySet<string>) {
  const key = placeKey(place)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the place
  const wanted = useMemo(
    () =>
      [...ids].flatMap((id) => {
        const object = listing?.byId.get(id)
        return object ? [{ id, query: detailQuery(place, object) }] : []
      }),
    [key, listing, ids],
  )
  const combine = useCallback(
    (results: UseQueryResult<SchemaDetail | null>[]): ReadonlyMap<string, DetailState> =>
      new Map(results.flatMap((result, index) => (wanted[index] ? [[wanted[index].id, stateOf(result)]] : []))),
    [wanted],
  )
  return useQueries({ queries: wanted.map(({ query }) => query), combine })
}

function stateOf({ data, error }: UseQueryResult<SchemaDetail | null>): DetailState {
  if (error) return { state: 'failed', message: asAppError(error).message }
  if (data === undefined) return { state: 'loading' }
  return data ? { state: 'ready', detail: data } : { state: 'failed', message: 'It is not there any more.' }
}

/** What is known of an object, or else asked for. @throws AppError CONNECTION_*, QUERY_* */
export const fetchDetail = (place: Place, object: Pick<SchemaObject, 'schema' | 'name'>) =>
  api.schema.object({ connection: place.connection, folder: place.folder, schema: object.schema, name: object.name })

/** Asks the database anew for everything that is shown of it. */
export async function refreshSchema(queries: QueryClient, place: Place): Promise<void> {
  const { connection, folder } = place
  await queries.fetchQuery({
    queryKey: objectsKey(place),
    queryFn: async () => listObjects(await api.schema.objects({ connection, folder, refresh: true })),
    staleTime: 0,
  })
  const about = [
    ['schema', folder, connection, 'object'],
    ['schema', folder, connection, 'diagram'],
    ['schema', folder, connection, 'definition'],
    ['tables', folder, connection],
    ['table', folder, connection],
  ]
  await Promise.all(about.map((queryKey) => queries.invalidateQueries({ queryKey })))
}
