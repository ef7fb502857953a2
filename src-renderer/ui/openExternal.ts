import { api, asAppError } from '../api/client.ts'
import { programInfo } from '../stores/program.ts'
import { showError } from './notify.ts'

/** Opens a page outside: in a tab beside this one, or, from the desktop, in the system's browser. */
export async function openExternal(url: string): Promise<void> {
  try {
    const { host } = await programInfo()
    if (host === 'desktop') await api.app.openExternal({ url })
    else window.open(url, '_blank', 'noopener,noreferrer')
  } catch (thrown) {
    showError(asAppError(thrown), 'The page could not be opened')
  }
}
