import { useQuery } from '@tanstack/react-query'
import type { KnownConnection } from '../../../shared/contract/connections.ts'
import { knownConnections } from '../../api/known.ts'
import { useDocument } from '../../stores/documents.ts'

const none: readonly KnownConnection[] = []

/** The connections that a document can use, wherever they are defined. */
export function useConnections(document: string): readonly KnownConnection[] {
  const folder = useDocument(document)?.folder ?? ''
  const { data } = useQuery(knownConnections(folder))
  return data ?? none
}
