import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DesktopApp, noteRuntime, openDesktop } from '../helpers/electron.ts'

/** Electron's security checklist, as far as it is about what runs; its items on packaging are tested with the package. */

let app: DesktopApp

beforeAll(async () => {
  noteRuntime()
  app = await openDesktop()
  await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
})
afterAll(() => app[Symbol.asyncDispose]())

describe('the page', () => {
  it('is isolated, sandboxed and without Node', async () => {
    const preferences = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      const read: unknown = contents && Reflect.get(contents, 'getLastWebPreferences')
      return typeof read === 'function' ? read.call(contents) : undefined
    })
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    })
    expect(preferences.allowRunningInsecureContent ?? false).toBe(false)
    expect(preferences.experimentalFeatures ?? false).toBe(false)
    expect(preferences.enableBlinkFeatures ?? '').toBe('')
    expect(preferences.nodeIntegrationInWorker ?? false).toBe(false)
    expect(preferences.nodeIntegrationInSubFrames ?? false).toBe(false)
  })

  it('has one function of ours on its window and no way to Electron or Node', async () => {
    const found = await app.page.evaluate(() => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      const usual = new Set(Object.getOwnPropertyNames(frame.contentWindow ?? {}))
      frame.remove()
      return Object.getOwnPropertyNames(window).filter((name) => !usual.has(name) && Number.isNaN(Number(name)))
    })
    const ours = found.filter((name) => !/^(__playwright|__pw|webpack|__react|\$)/i.test(name))
    expect(ours).toContain('sluicePathOf')
    for (const name of [
      'require',
      'process',
      'module',
      'Buffer',
      'global',
      'electron',
      'ipcRenderer',
      '__emulatedSend',
    ]) {
      expect(found).not.toContain(name)
    }
    expect(await app.page.evaluate(() => window.sluicePathOf?.(new File(['x'], 'made-in-the-page.csv')))).toBe('')
  })

  it('gets exactly one port, though it asks for more than once by itself', async () => {
    const ports = await app.page.evaluate(
      () =>
        new Promise<{ data: unknown; ports: number; own: boolean }[]>((resolve) => {
          const seen: { data: unknown; ports: number; own: boolean }[] = []
          addEventListener('message', (event) => {
            seen.push({ data: event.data, ports: event.ports.length, own: event.source === window })
            if (event.ports.length > 0) resolve(seen)
          })
          window.postMessage('sluice:ready', '/')
        }),
    )
    expect(ports).toEqual([
      { data: 'sluice:ready', ports: 0, own: true },
      { data: 'sluice:port', ports: 1, own: true },
    ])
    await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
  })

  it('comes under a policy that lets in its own files only', async () => {
    const policy = await app.page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe-eval')
    expect(policy?.match(/script-src[^;]*/)?.[0]).not.toContain('unsafe-inline')
  })

  it('runs no inline script, no handler in an attribute, no code from text or from a blob', async () => {
    const marks = await app.page.evaluate(async () => {
      const script = document.createElement('script')
      script.textContent = 'document.body.dataset.inline = "ran"'
      document.body.append(script)
      const image = document.createElement('img')
      image.setAttribute('onerror', 'document.body.dataset.handler = "ran"')
      image.src = 'data:image/png;base64,broken'
      document.body.append(image)
      const failed = new Promise((resolve) => image.addEventListener('error', resolve))
      await failed
      const blob = document.createElement('script')
      blob.src = URL.createObjectURL(new Blob(['document.body.dataset.blob = "ran"'], { type: 'text/javascript' }))
      const ended = new Promise((resolve) => {
        blob.addEventListener('error', resolve)
        blob.addEventListener('load', resolve)
      })
      document.body.append(blob)
      await ended
      script.remove()
      image.remove()
      blob.remove()
      return { ...document.body.dataset }
    })
    expect(marks).not.toHaveProperty('inline')
    expect(marks).not.toHaveProperty('handler')
    expect(marks).not.toHaveProperty('blob')
  })

  it('reaches no server, embeds nothing', async () => {
    const refused = await app.page.evaluate(async () => {
      const violations: string[] = []
      addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective))
      await fetch('http://127.0.0.1:9/').catch(() => undefined)
      for (const [tag, attribute] of [
        ['iframe', 'src'],
        ['object', 'data'],
        ['img', 'src'],
      ] as const) {
        const element = document.createElement(tag)
        element.setAttribute(attribute, 'http://127.0.0.1:9/')
        document.body.append(element)
        await new Promise<void>((resolve) => {
          const check = () =>
            violations.some((one) => one.startsWith(tag === 'img' ? 'img' : tag === 'iframe' ? 'frame' : 'object'))
              ? resolve()
              : requestAnimationFrame(check)
          check()
        })
        element.remove()
      }
      return violations
    })
    expect(refused).toEqual(['connect-src', 'frame-src', 'object-src', 'img-src'])
    app.complaints.length = 0
  })

  it('has no permission but the clipboard', async () => {
    const states = await app.page.evaluate(async () => {
      const names = [
        'geolocation',
        'notifications',
        'camera',
        'microphone',
        'midi',
        'clipboard-read',
        'clipboard-write',
      ]
      const entries = names.map(async (name) => {
        const { state } = await navigator.permissions.query({ name: name as PermissionName })
        return [name, state] as const
      })
      return Object.fromEntries(await Promise.all(entries))
    })
    expect(states).toEqual({
      geolocation: 'denied',
      notifications: 'denied',
      camera: 'denied',
      microphone: 'denied',
      midi: 'denied',
      'clipboard-read': 'granted',
      'clipboard-write': 'granted',
    })
  })
})

describe('the main process', () => {
  it('hands a port to our page in the main frame only', async () => {
    const given = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
      const [window] = BrowserWindow.getAllWindows()
      if (!window) throw new Error('no window')
      const contents = window.webContents
      let posted = 0
      const original = contents.postMessage
      contents.postMessage = () => {
        posted++
      }
      const tryAs = async (sender: unknown, senderFrame: unknown) => {
        const before = posted
        ipcMain.emit('sluice:ready', { sender, senderFrame })
        await new Promise((resolve) => setImmediate(resolve))
        await new Promise((resolve) => setTimeout(resolve, 20))
        return posted - before
      }
      const results = {
        page: await tryAs(contents, contents.mainFrame),
        otherContents: await tryAs({}, contents.mainFrame),
        frame: await tryAs(contents, { url: contents.mainFrame.url }),
        goneFrame: await tryAs(contents, null),
      }
      contents.postMessage = original
      return results
    })
    expect(given).toEqual({ page: 1, otherContents: 0, frame: 0, goneFrame: 0 })
  })

  it('attaches no webview', async () => {
    const refused = await app.evaluate(({ BrowserWindow }) => {
      let prevented = false
      const event = { preventDefault: () => (prevented = true) }
      const contents: NodeJS.EventEmitter | undefined = BrowserWindow.getAllWindows()[0]?.webContents
      contents?.emit('will-attach-webview', event, {}, {})
      return prevented
    })
    expect(refused).toBe(true)
  })

  it('serves nothing outside the page under its scheme', async () => {
    const answers = await app.page.evaluate(() =>
      Promise.all(
        [
          '/../electron.js',
          '/%2e%2e/main/electron.js',
          '/..%2fmain%2felectron.js',
          '/assets/%2e%2e%2f%2e%2e%2fmain%2felectron.js',
        ].map(async (path) => (await fetch(path)).status),
      ),
    )
    expect(answers).toEqual([404, 404, 404, 404])
  })
})
