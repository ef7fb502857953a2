import { readFileSync } from 'node:fs'
import type { CDPSession } from 'playwright'
import type { PortMain } from './ports.ts'

const world = 'emulated-preload'

interface Packed {
  text?: string
  bytes?: string
}

type FromPreload =
  | { type: 'ipc'; channel: string; args: unknown[] }
  | { type: 'port'; port: number; data: Packed }
  | { type: 'expose'; name: string }

/** The way between the main process and a preload script, which runs in a world of its own beside the page; see preload-world.js. */
export class PreloadBridge {
  private readonly chromium: CDPSession
  private readonly onIpc: (channel: string, args: unknown[]) => void
  private readonly ports = new Map<number, PortMain>()
  private lastPort = 0
  private context: number | undefined

  constructor(chromium: CDPSession, onIpc: (channel: string, args: unknown[]) => void) {
    this.chromium = chromium
    this.onIpc = onIpc
  }

  /** `preload`: the script's path. */
  async open(preload: string): Promise<void> {
    const { chromium } = this
    const { frameTree } = await chromium.send('Page.getFrameTree')
    chromium.on('Runtime.executionContextCreated', ({ context }) => {
      const frame: unknown = context.auxData && Reflect.get(context.auxData, 'frameId')
      if (context.name === world && frame === frameTree.frame.id) this.context = context.id
    })
    chromium.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
      if (executionContextId === this.context) this.close()
    })
    chromium.on('Runtime.executionContextsCleared', () => this.close())
    chromium.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === '__emulatedSend') this.take(JSON.parse(payload))
    })
    await chromium.send('Runtime.enable')
    await chromium.send('Runtime.addBinding', { name: '__emulatedSend', executionContextName: world })
    const script = `const preloadScript = (require, module, exports) => {\n${readFileSync(preload, 'utf8')}\n}`
    const frame = readFileSync(new URL('./preload-world.js', import.meta.url), 'utf8')
    const source = `{\n${script}\n${frame}\n}`
    await chromium.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: world })
    await chromium.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${closing})()` })
  }

  /** To listeners of `ipcRenderer`. */
  post(channel: string, message: unknown, transfer: readonly PortMain[]): void {
    this.tell({ type: 'ipc', channel, args: [message], ports: transfer.map((port) => this.hold(port)) })
  }

  /** Where files are that are about to be dropped: Chromium tells nobody. */
  tellPaths(paths: Record<string, string>): void {
    this.tell({ type: 'paths', paths })
  }

  /** The document is gone, and with it all ports it held. */
  close(): void {
    this.context = undefined
    const held = [...this.ports.values()]
    this.ports.clear()
    for (const port of held) port.close()
  }

  private hold(port: PortMain): number {
    const id = ++this.lastPort
    this.ports.set(id, port)
    port.handOver({
      receive: (data) => this.tell({ type: 'port', port: id, data: pack(data) }),
      close: () => this.tell({ type: 'port-closed', port: id }),
    })
    return id
  }

  private take(message: FromPreload): void {
    if (message.type === 'ipc') this.onIpc(message.channel, message.args)
    else if (message.type === 'port') this.ports.get(message.port)?.postMessage(unpack(message.data))
    else this.evaluate(`(${bridged})(${JSON.stringify(message.name)})`)
  }

  private tell(message: object): void {
    if (this.context !== undefined) this.evaluate(`__emulatedReceive(${JSON.stringify(message)})`, this.context)
  }

  /** What is sent to a document that has gone meanwhile is lost. */
  private evaluate(expression: string, contextId?: number): void {
    this.chromium
      .send('Runtime.evaluate', { expression, ...(contextId !== undefined && { contextId }) })
      .catch(() => undefined)
  }
}

/** Runs in the page: ports that are handed to it tell when their other end is closed, which Electron adds to Chromium. */
function closing(): void {
  const watch = (port: MessagePort) =>
    port.addEventListener('message', (event) => {
      if (event.data !== 'emulated:close') return
      event.stopImmediatePropagation()
      port.dispatchEvent(new Event('close'))
    })
  addEventListener('message', ({ ports }) => ports.forEach(watch), true)
}

/** Runs in the page: its end of a function that takes a file. The element's attribute and field are what both worlds see. */
function bridged(name: string): void {
  Reflect.set(window, name, (file: File): unknown => {
    const carrier = document.createElement('input')
    carrier.type = 'file'
    carrier.hidden = true
    const transfer = new DataTransfer()
    transfer.items.add(file)
    carrier.files = transfer.files
    document.documentElement.append(carrier)
    carrier.dispatchEvent(new Event(`emulated:${name}`, { bubbles: true }))
    carrier.remove()
    return JSON.parse(carrier.getAttribute('result') ?? '""')
  })
}

function pack(data: unknown): Packed {
  if (typeof data === 'string') return { text: data }
  if (data instanceof Uint8Array) return { bytes: Buffer.from(data).toString('base64') }
  throw new Error('The emulator carries texts and bytes over message ports.')
}

const unpack = ({ text, bytes }: Packed): unknown =>
  bytes === undefined ? text : new Uint8Array(Buffer.from(bytes, 'base64'))
