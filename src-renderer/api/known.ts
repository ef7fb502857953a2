import { queryOptions } from '@tanstack/react-query'
import { api } from './client.ts'

/** The connections that can be used from a folder, wherever they are defined; asked anew when connections were changed in the window. */
export const knownConnections = (folder: string) =>
  queryOptions({
    queryKey: ['connections', 'known', folder],
    queryFn: () => api.connections.known({ folder }),
    staleTime: 5_000,
  })
