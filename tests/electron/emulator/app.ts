import { EventEmitter } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeBrowser } from './browser.ts'
import { preventable } from './event.ts'

/** A window, as far as quitting goes. */
interface Closable {
  close(): void
}

class EmulatedApp extends EventEmitter {
  readonly isPackaged = false
  readonly windows = new Set<Closable>()
  readonly recentDocuments: string[] = []
  /** Utility processes that run, told by themselves. */
  readonly utilities = new Map<number, string>()
  readonly said: Record<string, unknown> = {}
  private userData = join(tmpdir(), 'emulated-electron')
  private lock: string | undefined
  private quitting = false
  private ready = Promise.withResolvers<void>()

  setName(name: string): void {
    this.said.name = name
  }

  setAboutPanelOptions(options: object): void {
    this.said.about = options
  }

  setAppUserModelId(id: string): void {
    this.said.userModel = id
  }

  enableSandbox(): void {
    this.said.sandbox = true
  }

  setPath(name: string, path: string): void {
    if (name !== 'userData') throw new Error(`The emulator does not know the path ${name}.`)
    mkdirSync(path, { recursive: true })
    this.userData = path
  }

  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`The emulator does not know the path ${name}.`)
    return this.userData
  }

  addRecentDocument(path: string): void {
    this.recentDocuments.push(path)
  }

  getAppMetrics(): { pid: number; type: string; name: string }[] {
    return [...this.utilities].map(([pid, name]) => ({ pid, type: 'Utility', name }))
  }

  whenReady(): Promise<void> {
    return this.ready.promise
  }

  async becomeReady(): Promise<void> {
    this.ready.resolve()
    this.emit('ready')
  }

  /** A file with the holder's process id; what later starts want is left beside it, and the holder is woken. */
  requestSingleInstanceLock(data: unknown): boolean {
    const file = join(this.userData, 'SingletonLock')
    const requests = join(this.userData, 'SingletonRequests')
    if (existsSync(file)) {
      const holder = Number(readFileSync(file, 'utf8'))
      if (alive(holder)) {
        const request = { argv: process.argv, folder: process.cwd(), data }
        mkdirSync(requests, { recursive: true })
        writeFileSync(join(requests, `${process.pid}.json`), JSON.stringify(request))
        process.kill(holder, 'SIGUSR2')
        return false
      }
      rmSync(file)
    }
    const handle = openSync(file, 'wx')
    writeFileSync(handle, String(process.pid))
    closeSync(handle)
    this.lock = file
    process.on('SIGUSR2', () => this.takeRequests(requests))
    return true
  }

  quit(): void {
    if (this.quitting) return void this.leave()
    const event = preventable({})
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    this.quitting = true
    if (this.windows.size === 0) return this.leave()
    for (const window of [...this.windows]) window.close()
  }

  /** Called by windows. */
  windowClosed(window: Closable): void {
    this.windows.delete(window)
    if (this.windows.size > 0) return
    if (this.quitting) this.leave()
    else if (!this.emit('window-all-closed')) this.quit()
  }

  /** A window stays, so the app does. */
  stay(): void {
    this.quitting = false
  }

  exit(code = 0): void {
    if (this.lock) rmSync(this.lock, { force: true })
    void closeBrowser().finally(() => process.exit(code))
  }

  private leave(): void {
    const event = preventable({})
    this.emit('will-quit', event)
    if (event.defaultPrevented) return
    this.emit('quit', {}, 0)
    this.exit(0)
  }

  private takeRequests(folder: string): void {
    for (const name of readdirSync(folder)) {
      const { argv, folder: from, data } = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      rmSync(join(folder, name))
      this.emit('second-instance', {}, argv, from, data)
    }
  }
}

function alive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch {
    return false
  }
}

export const emulatedApp = new EmulatedApp()
