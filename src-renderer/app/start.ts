import { api, asAppError } from '../api/client.ts'
import { openFile } from '../files/actions.ts'
import { followDrafts } from '../files/drafts.ts'
import { followFiles } from '../files/follow-files.ts'
import { followTabs, restoreSession } from '../files/session.ts'
import { programInfo } from '../stores/program.ts'
import { loadSettings, rememberBeforeLeaving } from '../stores/settings.ts'
import { restoreWindow } from '../stores/window.ts'
import { showError, showNotice } from '../ui/notify.ts'
import { followShell } from './shell-link.ts'

/** What happens when the window opens: settings, then what was open; the first sample in a workspace that is new. */
export async function start(): Promise<void> {
  try {
    const [info] = await Promise.all([programInfo(), loadSettings()])
    restoreWindow()
    rememberBeforeLeaving()
    followDrafts()
    if (!(await restoreSession())) await openFirstSample()
    followTabs()
    followFiles()
    followShell()
    if (info.notice !== undefined) showNotice(info.notice)
  } catch (thrown) {
    showError(asAppError(thrown), 'Sluice could not start')
  }
}

async function openFirstSample(): Promise<void> {
  const [first] = await api.files.samples()
  if (first) await openFile(first.path)
}
