import { EventEmitter } from 'node:events'
import { emulatedApp } from './app.ts'
import { EmulatedContents } from './contents.ts'
import { preventable } from './event.ts'

interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

interface Options extends Partial<Rectangle> {
  show?: boolean
  title?: string
  minWidth?: number
  minHeight?: number
  backgroundColor?: string
  webPreferences?: { preload?: string } & Record<string, unknown>
}

/** What Electron 45 gives a page that nothing is said about. */
const defaults = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  spellcheck: true,
}

export class BrowserWindow extends EventEmitter {
  readonly webContents: EmulatedContents
  private readonly preferences: Record<string, unknown>
  private bounds: Rectangle
  private visible: boolean
  private maximized = false
  private minimized = false
  private title: string
  private edited = false
  private file = ''

  constructor({ x = 240, y = 70, width = 800, height = 600, show = true, title = '', webPreferences }: Options = {}) {
    super()
    this.preferences = { ...defaults, ...webPreferences }
    this.bounds = { x, y, width, height }
    this.visible = show
    this.title = title
    this.webContents = new EmulatedContents(webPreferences?.preload, this.bounds)
    Reflect.set(this.webContents, 'getLastWebPreferences', () => this.preferences)
    emulatedApp.windows.add(this)
    emulatedApp.emit('web-contents-created', {}, this.webContents)
    this.webContents.once('painted', () => this.emit('ready-to-show'))
    this.webContents.once('destroyed', () => {
      this.emit('closed')
      emulatedApp.windowClosed(this)
    })
  }

  static getAllWindows(): BrowserWindow[] {
    return [...emulatedApp.windows].filter((window) => window instanceof BrowserWindow)
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  show(): void {
    this.visible = true
    this.emit('show')
  }

  focus(): void {
    this.emit('focus')
  }

  isVisible = () => this.visible
  isMinimized = () => this.minimized
  isMaximized = () => this.maximized
  getTitle = () => this.title
  isDocumentEdited = () => this.edited
  getRepresentedFilename = () => this.file
  getNormalBounds = () => ({ ...this.bounds })
  getBounds = () => (this.maximized ? { x: 0, y: 0, width: 1920, height: 1040 } : { ...this.bounds })

  setBounds(bounds: Partial<Rectangle>): void {
    this.bounds = { ...this.bounds, ...bounds }
    void this.webContents.resize(this.bounds)
  }

  maximize(): void {
    this.maximized = true
  }

  minimize(): void {
    this.minimized = true
  }

  restore(): void {
    this.minimized = false
  }

  setTitle(title: string): void {
    this.title = title
  }

  setDocumentEdited(edited: boolean): void {
    this.edited = edited
  }

  setRepresentedFilename(file: string): void {
    this.file = file
  }

  close(): void {
    const event = preventable({})
    this.emit('close', event)
    if (event.defaultPrevented) emulatedApp.stay()
    else void this.webContents.close(false)
  }

  destroy(): void {
    void this.webContents.close(true)
  }
}
