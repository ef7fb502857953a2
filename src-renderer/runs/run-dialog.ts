import { create } from 'zustand'

/** What is to be run, and how. */
export interface RunWish {
  /** Only this node and what it needs. */
  to?: string
  /** This node and what comes after it, whatever is kept of them. */
  from?: string
  /** Go on from this run. */
  resume?: string
  /** Every node, whatever is kept. */
  refresh?: boolean
  /** Leave out the nodes that are not set up, and those that take their rows. */
  setUp?: boolean
  /** Do everything, say what would change, and roll it back. */
  dryRun?: boolean
}

interface RunDialogState {
  /** The run that waits for values of parameters; no wish: they are only set, for runs to come. */
  asking: { document: string; wish?: RunWish } | null
}

export const useRunDialog = create<RunDialogState>()(() => ({ asking: null }))
