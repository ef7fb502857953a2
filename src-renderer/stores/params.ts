import { create } from 'zustand'
import type { Json } from '../../shared/pipeline/schema.ts'

interface ParamsState {
  /** Values given for a run, by document and name; those of the document's defaults are not here. */
  values: Readonly<Record<string, Readonly<Record<string, Json>>>>
}

export const useParams = create<ParamsState>()(() => ({ values: {} }))

export const paramsOf = (document: string): Record<string, Json> => ({ ...useParams.getState().values[document] })

export function setParams(document: string, params: Record<string, Json>): void {
  useParams.setState(({ values }) => ({ values: { ...values, [document]: params } }))
}
