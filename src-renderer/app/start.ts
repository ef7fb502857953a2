import { api, asAppError } from '../api/client.ts'
import { openFile } from '../files/actions.ts'
import { useDocuments } from '../stores/documents.ts'
import { loadSettings } from '../stores/settings.ts'
import { showError } from '../ui/notify.ts'

/** What happens when the window opens: settings, then what was open, or the first sample. */
export async function start(): Promise<void> {
  try {
    await loadSettings()
    if (useDocuments.getState().order.length > 0) return
    const [first] = await api.files.samples()
    if (first) await openFile(first.path)
  } catch (thrown) {
    showError(asAppError(thrown), 'Sluice could not start')
  }
}
