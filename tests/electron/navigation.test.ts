import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type DesktopApp, noteRuntime, openDesktop } from '../helpers/electron.ts'
import { listen } from '../helpers/tls-proxy.ts'

let app: DesktopApp
let server: Server
let site: string
/** Paths that the server outside was asked for. */
const visits: string[] = []

beforeAll(async () => {
  noteRuntime()
  server = createServer((request, response) => {
    visits.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { Location: '/elsewhere' }).end()
    else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>outside')
  })
  site = `http://127.0.0.1:${await listen(server)}`
  app = await openDesktop()
  await app.page.getByRole('tab', { name: 'Airports' }).waitFor()
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Reflect.set(globalThis, 'opened', opened)
    shell.openExternal = async (url) => void opened.push(url)
  })
  await app.page.evaluate(() => Reflect.set(window, 'sameDocument', true))
})
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  server.close()
})
beforeEach(() => {
  visits.length = 0
})

const opened = () =>
  app.evaluate(() => {
    const urls: unknown = Reflect.get(globalThis, 'opened')
    return Array.isArray(urls) ? urls.splice(0).map(String) : []
  })

/** Each gets an address and uses it as a page would. They resolve when Chromium has had its turn. */
const gestures = {
  'a link': (url: string) => click(url, ''),
  'a link to a new window': (url: string) => click(url, '_blank'),
  'a link in the frame on top': (url: string) => click(url, '_top'),
  'window.open': (url: string) => act((address) => void window.open(address), url),
  location: (url: string) => act((address) => location.assign(address), url),
  'a form': (url: string) =>
    act((address) => {
      const form = document.createElement('form')
      form.action = address
      document.body.append(form)
      form.submit()
      form.remove()
    }, url),
  'a meta refresh': (url: string) =>
    act((address) => {
      const meta = document.createElement('meta')
      meta.httpEquiv = 'refresh'
      meta.content = `0;url=${address}`
      document.head.append(meta)
      meta.remove()
    }, url),
}

const click = (url: string, target: string) =>
  act(
    ({ address, frame }) => {
      const link = document.createElement('a')
      link.href = address
      link.target = frame
      link.rel = 'opener'
      document.body.append(link)
      link.click()
      link.remove()
    },
    { address: url, frame: target },
  )

async function act<A>(gesture: (argument: A) => void, argument: A): Promise<void> {
  await app.page.evaluate(gesture as (argument: unknown) => void, argument)
  // A navigation that was allowed would be under way once the page and the main process have each answered twice.
  for (let turn = 0; turn < 2; turn++) {
    await app.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)))
    await app.evaluate(() => new Promise((resolve) => setImmediate(resolve)))
  }
}

const addresses = {
  http: () => `${site}/page`,
  'http that redirects': () => `${site}/redirect`,
  https: () => 'https://127.0.0.1:9/',
  'a file': () => 'file:///etc/passwd',
  javascript: () => 'javascript:document.body.dataset.ran="yes"',
  data: () => 'data:text/html,<script>opener.document.title="ran"</script>',
  'another page of ours': () => `${new URL(app.page.url()).origin}/other`,
  'another scheme': () => 'vscode://file/etc/passwd',
}

describe.each(Object.entries(gestures))('%s', (gesture, perform) => {
  it.each(Object.entries(addresses))('leads nowhere for %s', async (address, urlOf) => {
    const before = app.page.url()
    const url = urlOf()
    await perform(url)
    expect(app.page.url()).toBe(before)
    expect(await app.page.evaluate(() => Reflect.get(window, 'sameDocument'))).toBe(true)
    expect(await app.page.evaluate(() => document.body.dataset.ran)).toBeUndefined()
    expect(visits).toEqual([])
    const outside =
      /^https?$|^http that/.test(address) && (gesture === 'window.open' || gesture === 'a link to a new window')
    expect(await opened()).toEqual(outside ? [url] : [])
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })
})

it('follows no redirect, not even of an address the program itself would load', async () => {
  await app.evaluate(async ({ BrowserWindow }, url) => {
    await BrowserWindow.getAllWindows()[0]
      ?.loadURL(url)
      .catch(() => undefined)
  }, `${site}/redirect`)
  expect(visits).toEqual(['/redirect'])
})

it('opens addresses outside by the checked function only', async () => {
  const { externalUrl } = await import('../../src-main/hosts/policy.ts')
  expect(['https://a.example/x?y#z', 'http://a.example/', 'mailto:a@b.example'].map(externalUrl)).not.toContain(
    undefined,
  )
  const bad = [
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'ms-msdt:/x',
    'https://user:pw@a.example/',
    'app://sluice/',
    'a',
    '',
  ]
  expect(bad.map(externalUrl).filter((url) => url !== undefined)).toEqual([])
})
