import { useQuery } from '@tanstack/react-query'
import type { KnownConnection } from '../../../shared/contract/connections.ts'
import { api } from '../../api/client.ts'
import { useDocument } from '../../stores/documents.ts'

const none: readonly KnownConnection[] = []

/** The connections that a document can use, wherever they are defined. */
export function useConnections(document: string): readonly KnownConnection[] {
  const folder = useDocument(document)?.folder ?? ''
  const { data } = useQuery({
    queryKey: ['connections', 'known', folder],
    queryFn: () => api.connections.known({ folder }),
    staleTime: 5_000,
  })
  return data ?? none
}
