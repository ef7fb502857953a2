import { useLink } from '../stores/link.ts'
import { followTab, refreshState } from './actions.ts'
import { restoreTabs, useTabs } from './tabs.ts'

/** Brings tabs back with what their sessions hold, and keeps the sessions while the page lives; called once. */
export function takeUpTabs(folder: string): void {
  restoreTabs(folder)
  // A session that cannot be followed says so when it is used.
  const each = (work: (id: string) => Promise<void>) => {
    for (const { id } of useTabs.getState().tabs) work(id).catch(() => undefined)
  }
  each(followTab)
  useLink.subscribe(({ times }, before) => {
    if (times !== before.times) each(refreshState)
  })
}
