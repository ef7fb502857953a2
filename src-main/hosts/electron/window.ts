import { join } from 'node:path'
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import { offerTextMenu } from './context-menu.ts'
import { pageUrl } from './page.ts'
import { keepWindowState, placeWindow, readWindowState, smallest } from './window-state.ts'

const stateFile = () => join(app.getPath('userData'), 'window.json')

/** Opens the window on the page, where it was when it was closed. */
export function openWindow(): BrowserWindow {
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const { bounds, maximized } = placeWindow(readWindowState(stateFile()), areas)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Sluice',
    // As the page paints it, so that nothing flashes before it does.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#17191d' : '#ffffff',
    webPreferences: {
      preload: join(import.meta.dirname, '..', 'preload', 'preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  })
  if (maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () =>
    keepWindowState(stateFile(), { bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
  )
  // The page decides what its title is, through the contract.
  window.on('page-title-updated', (event) => event.preventDefault())
  offerTextMenu(window.webContents)
  askBeforeUnload(window)
  offerReload(window)
  void window.loadURL(pageUrl)
  return window
}

/** The page objects to being closed while that would lose something. */
function askBeforeUnload(window: BrowserWindow): void {
  window.webContents.on('will-prevent-unload', (event) => {
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'Some work is not finished. Close anyway?',
      detail:
        'Closing stops pipelines that run and undoes what they had not finished loading, rolls back open transactions of queries, and loses changes of rows that were not applied.',
      buttons: ['Close', 'Stay'],
      defaultId: 1,
      cancelId: 1,
    })
    if (choice === 0) event.preventDefault()
  })
}

function offerReload(window: BrowserWindow): void {
  const offer = async (message: string, detail: string, other: string) => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message,
      detail,
      buttons: ['Reload', other],
      defaultId: 0,
      cancelId: 1,
    })
    return response === 0
  }
  window.webContents.on('render-process-gone', async (_event, { reason }) => {
    if (reason === 'clean-exit') return
    const detail = 'Your pipelines are safe, and so is work that was not saved. Runs go on.'
    if (await offer('The window stopped working.', detail, 'Close the window')) window.webContents.reload()
    else window.destroy()
  })
  window.on('unresponsive', async () => {
    const detail = 'It may recover if you wait.'
    if (await offer('The window does not respond.', detail, 'Wait')) window.webContents.reload()
  })
}
