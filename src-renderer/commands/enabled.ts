import { useCallback, useSyncExternalStore } from 'react'
import { useSchema } from '../schema/state.ts'
import { useDocuments } from '../stores/documents.ts'
import { useRuns } from '../stores/runs.ts'
import { useSelections } from '../stores/selection.ts'
import { useSettings } from '../stores/settings.ts'
import { useWindow } from '../stores/window.ts'
import { useSheets } from '../workbench/edits/staged.ts'
import { useRuns as useQueryRuns } from '../workbench/runs.ts'
import { useTabs } from '../workbench/tabs.ts'
import type { Command } from './define.ts'

const stores = [
  useDocuments,
  useRuns,
  useSelections,
  useSettings,
  useWindow,
  useQueryRuns,
  useTabs,
  useSheets,
  useSchema,
]

/** Calls back whenever something changed that decides which commands can be done. @returns what ends it */
export function watchCommands(changed: () => void): () => void {
  const ends = stores.map((store) => store.subscribe(changed))
  return () => {
    for (const end of ends) end()
  }
}

export const isEnabled = ({ enabled }: Command): boolean => enabled?.() ?? true

/** Follows whether a command can be done now. */
export function useEnabled(command: Command): boolean {
  return useSyncExternalStore(
    watchCommands,
    useCallback(() => isEnabled(command), [command]),
  )
}
