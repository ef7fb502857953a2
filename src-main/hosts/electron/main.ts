/** The desktop: what owns windows, menus, dialogs and the key store. It reads no data itself. */

import { join } from 'node:path'
import { app, session } from 'electron'
import { workspaceHome } from '../../services/home.ts'
import { productVersion } from '../../services/version.ts'
import { Desktop } from './desktop.ts'
import { guardContents, guardSession } from './guard.ts'
import { pipelineFiles, startRequest } from './open-files.ts'
import { registerScheme, servePage } from './page.ts'
import { systemKey } from './system-key.ts'

const home = workspaceHome(process.env)
const files = pipelineFiles(process.argv, process.cwd())

app.setName('Sluice')
app.setAboutPanelOptions({ applicationName: 'Sluice', applicationVersion: productVersion() })
app.setAppUserModelId('dev.sluice.desktop')
// Beside the rest of the workspace, so that each workspace has windows, and a lock, of its own.
app.setPath('userData', join(home, 'desktop'))
app.enableSandbox()
registerScheme()
guardContents()

// Not awaited: the app is not ready before this module has ended.
if (app.requestSingleInstanceLock({ files })) void run()
else app.exit(0)

async function run(): Promise<void> {
  // A Mac hands files over before the app is ready.
  let open = (path: string) => void files.push(path)
  app.on('open-file', (event, path) => {
    event.preventDefault()
    open(path)
  })
  await app.whenReady()
  guardSession(session.defaultSession)
  servePage(join(import.meta.dirname, '..', 'renderer'))
  const desktop = new Desktop(systemKey(home, process.env))
  desktop.show()
  desktop.open(files)
  open = (path) => {
    desktop.show()
    desktop.open([path])
  }
  app.on('second-instance', (_event, _argv, _folder, request) => {
    desktop.show()
    desktop.open(startRequest.safeParse(request).data?.files ?? [])
  })
  app.on('activate', () => desktop.show())
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  let ended = false
  app.on('will-quit', (event) => {
    if (ended) return
    event.preventDefault()
    void desktop.end().finally(() => {
      ended = true
      app.quit()
    })
  })
}
