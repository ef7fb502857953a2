import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'

/** Pipelines that come with the product, as the user's own copies. */
export const useSamples = () =>
  useQuery({ queryKey: ['samples'], queryFn: () => api.files.samples(), staleTime: Number.POSITIVE_INFINITY })

/** Pipeline files opened before, the latest first. */
export const useRecent = (enabled = true) =>
  useQuery({ queryKey: ['recent'], queryFn: () => api.files.recent(), enabled })
