import { EventEmitter } from 'node:events'
import type { CDPSession, Dialog, Page, Request, Route } from 'playwright'
import { emulatedApp } from './app.ts'
import { PreloadBridge } from './bridge.ts'
import { openBrowser, tellTest } from './browser.ts'
import { preventable } from './event.ts'
import { ipcMain } from './ipc.ts'
import type { PortMain } from './ports.ts'
import { answer, toApp, toChromium } from './protocol.ts'
import { session } from './session.ts'

type OpenHandler = (details: { url: string; frameName: string }) => { action: 'deny' | 'allow' }

interface Attached {
  page: Page
  chromium: CDPSession
  bridge: PreloadBridge
}

/**
 * The page of a window. Electron has it at once, Chromium after a moment: what is asked of it until then waits, while listeners are there
 * from the start.
 */
export class EmulatedContents extends EventEmitter {
  private readonly attached: Promise<Attached>
  private page: Page | undefined
  private openHandler: OpenHandler = () => ({ action: 'allow' })
  /** An address that the app itself loads; everything else is the page's idea. */
  private loading: string | undefined
  readonly mainFrame: { readonly url: string }

  constructor(preload: string | undefined, viewport: { width: number; height: number }) {
    super()
    const url = () => this.getURL()
    this.mainFrame = {
      get url() {
        return url()
      },
    }
    this.attached = this.attach(preload, viewport)
  }

  getURL(): string {
    return toApp(this.page?.url() ?? '')
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler
  }

  async loadURL(url: string): Promise<void> {
    const { page, chromium } = await this.attached
    this.loading = toChromium(url)
    await session.defaultSession.applyTo(chromium, { getURL: () => url })
    await page.goto(this.loading)
  }

  async reload(): Promise<void> {
    const { page } = await this.attached
    this.loading = page.url()
    await page.reload()
  }

  async forcefullyCrashRenderer(): Promise<void> {
    const { chromium } = await this.attached
    await chromium.send('Page.crash').catch(() => undefined)
  }

  async postMessage(channel: string, message: unknown, transfer: readonly PortMain[] = []): Promise<void> {
    const { bridge } = await this.attached
    bridge.post(channel, message, transfer)
  }

  async resize(size: { width: number; height: number }): Promise<void> {
    const { page } = await this.attached
    await page.setViewportSize({ width: size.width, height: size.height })
  }

  /** Drops files on the page as the system does. `at`: where, in pixels from its corner. */
  async dropFiles(files: string[], at: { x: number; y: number }): Promise<void> {
    const { bridge, chromium } = await this.attached
    bridge.tellPaths(Object.fromEntries(files.map((path) => [path.split('/').at(-1) ?? path, path])))
    const data = { items: [], files, dragOperationsMask: 1 }
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await chromium.send('Input.dispatchDragEvent', { type, ...at, data })
    }
  }

  /** Asks the page, unless `force`. The window hears of it when the page is gone. */
  async close(force: boolean): Promise<void> {
    const { page } = await this.attached
    await page.close({ runBeforeUnload: !force })
  }

  private async attach(preload: string | undefined, viewport: { width: number; height: number }): Promise<Attached> {
    const context = await openBrowser(emulatedApp.getPath('userData'))
    const page = await context.newPage()
    const chromium = await context.newCDPSession(page)
    this.page = page
    const bridge = new PreloadBridge(chromium, (channel, args) =>
      ipcMain.emit(channel, { sender: this, senderFrame: this.mainFrame, ports: [] }, ...args),
    )
    await chromium.send('Page.enable')
    if (preload !== undefined) await bridge.open(preload)
    await page.setViewportSize(viewport)
    await page.route('**/*', (route, request) => this.route(page, route, request))
    chromium.on('Page.windowOpen', ({ url, windowName }) => {
      this.openHandler({ url: toApp(url), frameName: windowName })
    })
    // What may open was decided before; Chromium has opened it all the same.
    page.on('popup', (popup) => void popup.close().catch(() => undefined))
    page.on('dialog', (dialog) => void this.dialog(dialog))
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }))
    page.on('close', () => {
      bridge.close()
      this.emit('destroyed')
    })
    page.once('domcontentloaded', () => {
      this.emit('painted')
      tellTest(emulatedApp.getPath('userData'))
    })
    return { page, chromium, bridge }
  }

  /** Requests of the page: its own files come from the app; going elsewhere is up to the app. */
  private async route(page: Page, route: Route, request: Request): Promise<void> {
    const navigates = request.isNavigationRequest()
    if (navigates && request.url() !== this.loading && this.refuses(page, request)) return route.abort('aborted')
    const response = await answer(request.url(), request.method())
    if (!response) return navigates ? this.follow(route, request) : route.continue()
    const body = Buffer.from(await response.arrayBuffer())
    await route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
  }

  /** What the app says of a navigation that the page began. */
  private refuses(page: Page, request: Request): boolean {
    const isMainFrame = request.frame() === page.mainFrame()
    const fields = { url: toApp(request.url()), isMainFrame }
    const framed = preventable(fields)
    this.emit('will-frame-navigate', framed)
    const event = preventable(fields)
    if (isMainFrame) this.emit('will-navigate', event, fields.url)
    return framed.defaultPrevented || event.defaultPrevented
  }

  /** Chromium follows redirects by itself; here each is the app's to refuse. */
  private async follow(route: Route, request: Request): Promise<void> {
    const response = await route.fetch({ maxRedirects: 0 })
    const { location } = response.headers()
    if (location !== undefined) {
      const event = preventable({ url: new URL(location, request.url()).href, isMainFrame: true })
      this.emit('will-redirect', event, event.url)
      if (event.defaultPrevented) return route.abort('aborted')
    }
    await route.fulfill({ response })
  }

  private async dialog(dialog: Dialog): Promise<void> {
    if (dialog.type() !== 'beforeunload') return dialog.dismiss()
    const event = preventable({})
    this.emit('will-prevent-unload', event)
    // The default is to stay; an app that prevents it lets the page go.
    if (event.defaultPrevented) return dialog.accept()
    emulatedApp.stay()
    await dialog.dismiss()
  }
}
