import { app, type BrowserWindow, dialog, ipcMain, Menu, MessageChannelMain, type MessagePortMain } from 'electron'
import type { AppEvent, Menu as MenuSections } from '../../../shared/contract/app.ts'
import type { PickRequest } from '../../services/host.ts'
import { type ShellActions, Supervisor } from '../engine/supervisor.ts'
import { launchEngine } from './engine-process.ts'
import { isFromPage, openExternal } from './guard.ts'
import { menuTemplate } from './menu.ts'
import type { SystemKey } from './system-key.ts'
import { openWindow } from './window.ts'

/** An engine that lived shorter than this, in ms, is started again only after a pause. */
const shortLife = 10_000
const longestPause = 5_000

/** The desktop's one window and the engine behind it. */
export class Desktop {
  private readonly engine: Promise<Supervisor<MessagePortMain>>
  private window: BrowserWindow | undefined
  /** The page in the window has asked for its port. */
  private pageWaits = false
  private recent: string | null = null
  private born = Date.now()
  private pause = 0

  constructor(key: Promise<SystemKey>) {
    this.engine = key.then((start) => {
      const supervisor = new Supervisor<MessagePortMain>({
        launch: () => {
          this.born = Date.now()
          return launchEngine()
        },
        start: { kind: 'desktop', ...start },
        actions: this.actions(),
        onCrash: () => this.engineDied(),
      })
      supervisor.wake()
      return supervisor
    })
    this.showMenu([])
    ipcMain.on('sluice:ready', (event) => {
      if (!this.window || !isFromPage(event, this.window.webContents)) return
      this.pageWaits = true
      void this.givePort()
    })
  }

  /** Opens the window, or brings it to the front. */
  show(): void {
    if (!this.window) {
      const window = openWindow()
      this.window = window
      window.on('closed', () => {
        this.window = undefined
        this.pageWaits = false
      })
      return
    }
    if (this.window.isMinimized()) this.window.restore()
    this.window.focus()
  }

  /** Opens pipeline files in the window. */
  open(files: readonly string[]): void {
    for (const path of files) this.tell({ type: 'open', path })
  }

  /** Ends the engine: runs are stopped and rolled back. */
  async end(): Promise<void> {
    await (await this.engine).end()
  }

  private tell(event: AppEvent): void {
    void this.engine.then((engine) => engine.tell(event))
  }

  private async givePort(): Promise<void> {
    const engine = await this.engine
    if (!this.window || !this.pageWaits) return
    const { port1, port2 } = new MessageChannelMain()
    engine.give(port2)
    this.window.webContents.postMessage('sluice:port', null, [port1])
  }

  /** The page gets a port of the next engine; one that keeps dying is not started in a loop. */
  private engineDied(): void {
    this.pause = Date.now() - this.born > shortLife ? 0 : Math.min(this.pause * 2 + 250, longestPause)
    setTimeout(() => void this.givePort(), this.pause)
  }

  private actions(): ShellActions {
    return {
      pick: (request) => this.pick(request),
      openExternal,
      title: ({ title, edited, path }) => {
        const mac = process.platform === 'darwin'
        const shown = title === '' ? 'Sluice' : `${title} — Sluice`
        this.window?.setTitle(edited && !mac ? `● ${shown}` : shown)
        this.window?.setDocumentEdited(edited)
        this.window?.setRepresentedFilename(path ?? '')
        if (path !== null && path !== this.recent) app.addRecentDocument(path)
        this.recent = path
      },
      menu: (menu) => this.showMenu(menu),
    }
  }

  private showMenu(menu: MenuSections): void {
    const template = menuTemplate({
      menu,
      platform: process.platform,
      tools: !app.isPackaged,
      choose: (command) => this.tell({ type: 'command', command }),
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
  }

  private async pick({ purpose, title, start, filters = [] }: PickRequest): Promise<string | null> {
    const options = { title, filters, ...(start === undefined ? {} : { defaultPath: start }) }
    const { window } = this
    if (!window) return null
    if (purpose === 'save') return (await dialog.showSaveDialog(window, options)).filePath || null
    const property = purpose === 'folder' ? 'openDirectory' : 'openFile'
    const { filePaths } = await dialog.showOpenDialog(window, { ...options, properties: [property, 'createDirectory'] })
    return filePaths[0] ?? null
  }
}
