import { create } from 'zustand'
import type { RunWish } from './actions.ts'

interface RunDialogState {
  /** The run that waits for values of parameters; no wish: they are only set, for runs to come. */
  asking: { document: string; wish?: RunWish } | null
}

export const useRunDialog = create<RunDialogState>()(() => ({ asking: null }))
