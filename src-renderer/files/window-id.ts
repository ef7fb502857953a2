import { api } from '../api/client.ts'
import { useLink } from '../stores/link.ts'

/** Lasts as long as the browser's tab or the window: a page that is loaded anew is the same window. */
const key = 'sluice.window'

let held = Promise.withResolvers<string>()

/** The id of this window among those of the workspace; known once the engine process holds it. */
export const windowId = (): Promise<string> => held.promise

/** Holds this window with whichever engine process answers; called once. */
export function followWindow(): void {
  useLink.subscribe(({ connected, times }, before) => {
    if (before.connected && !connected) held = Promise.withResolvers()
    if (times !== before.times) void hold()
  })
  if (useLink.getState().connected) void hold()
}

async function hold(): Promise<void> {
  const wanted = sessionStorage.getItem(key) ?? crypto.randomUUID()
  try {
    for await (const { window } of await api.files.holdWindow({ window: wanted })) {
      sessionStorage.setItem(key, window)
      held.resolve(window)
    }
  } catch {
    // The engine process is gone; the next one is asked anew.
  }
}
