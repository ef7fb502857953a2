import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { builtPage } from '../../src-main/hosts/server/page.ts'
import { type Served, serve } from '../../src-main/hosts/server/serve.ts'
import { rawRequest } from '../helpers/raw-http.ts'
import { failure } from '../unit/services/temporary.ts'

let folder: string
let served: Served
let cookie: string
let key: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-serve-'))
  process.env.SLUICE_HOME = join(folder, 'home')
  mkdirSync(join(folder, 'page', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'page', 'index.html'), '<p>the page')
  writeFileSync(join(folder, 'page', 'assets', 'index-AbCd1234.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'outside')
  served = await serve({ port: 0, page: builtPage(join(folder, 'page')) })
  const { headers } = await get(new URL(served.url).search, { cookie: '' })
  cookie = headers['set-cookie']?.split(';')[0] ?? ''
  key = headers.location?.split('#key=')[1] ?? ''
})
afterAll(async () => {
  await served.close()
  rmSync(folder, { recursive: true })
})

const host = () => `127.0.0.1:${served.port}`

interface Changes {
  method?: string
  host?: string
  origin?: string
  cookie?: string
}

function get(path: string, changes: Changes = {}) {
  const { method = 'GET', origin, cookie: sent = cookie } = changes
  const target = path.startsWith('?') ? `/${path}` : path
  return rawRequest(served.port, [
    `${method} ${target} HTTP/1.1`,
    `Host: ${changes.host ?? host()}`,
    'Connection: close',
    ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    ...(sent === '' ? [] : [`Cookie: ${sent}`]),
  ])
}

function upgrade(query: string, { host: asked = host(), origin, cookie: sent = cookie }: Changes = {}) {
  return rawRequest(served.port, [
    `GET /${query} HTTP/1.1`,
    `Host: ${asked}`,
    ...(origin === undefined ? [] : [`Origin: ${origin}`]),
    `Cookie: ${sent}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ])
}

function openSocket(): WebSocket {
  const socket = new WebSocket(`ws://${host()}/?key=${key}`, { origin: `http://${host()}` })
  onTestFinished(() => socket.terminate())
  return socket
}

const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('error', reject)
  })

describe('the address that is printed', () => {
  it('lets in once it is opened, and keeps its token out of what is shown and sent on', async () => {
    const answer = await get(new URL(served.url).search, { cookie: '' })
    expect(answer.status).toBe(303)
    expect(answer.headers.location).toMatch(/^\/#key=[\w-]{32}$/)
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['set-cookie']).toMatch(/^sluice-\d+=[\w-]{32}; HttpOnly; SameSite=Lax; Path=\/$/)
    expect(answer.text).not.toContain(new URL(served.url).searchParams.get('token'))
  })

  it('works again, in another browser or after this one was closed', async () => {
    expect((await get(new URL(served.url).search, { cookie: '' })).status).toBe(303)
  })

  it('gives the browser a cookie that opens the page, but not the contract', async () => {
    expect((await get('/')).status).toBe(200)
    const pass = cookie.split('=')[1]
    expect((await upgrade(`?key=${pass}`, { origin: `http://${host()}` })).status).toBe(403)
    expect((await upgrade('', { origin: `http://${host()}` })).status).toBe(403)
  })

  it('has a twin for one visit', async () => {
    const { search } = new URL(served.ticket())
    expect((await get(search, { cookie: '' })).status).toBe(303)
    expect((await get(search, { cookie: '' })).status).toBe(403)
  })
})

describe('who is not let in', () => {
  it.each([
    ['no token', '/', { cookie: '' }],
    ['a wrong token', '/?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', { cookie: '' }],
    ['an empty token', '/?token=', { cookie: '' }],
    ['a wrong cookie', '/', { cookie: 'sluice-1=x' }],
    ['another name for this machine', '/', { host: 'evil.example' }],
    ['another port', '/', { host: '127.0.0.1:1' }],
    ['no port', '/', { host: '127.0.0.1' }],
    ['another site', '/', { origin: 'https://evil.example' }],
    ['a sandboxed page', '/', { origin: 'null' }],
    ['the same site on another port', '/', { origin: 'http://127.0.0.1:1' }],
    ['a file of the page', '/assets/index-AbCd1234.js', { cookie: '' }],
    ['another method', '/', { cookie: '', method: 'POST' }],
  ] as const)('%s learns nothing', async (_name, path, changes) => {
    const answer = await get(path, changes)
    expect(answer.status).toBe(403)
    expect(answer.body.replaceAll(/[\r\n0]/g, '')).toBe('')
    expect(answer.text).not.toMatch(/sluice|node|express|server:|x-powered-by/i)
  })

  it.each([
    ['the token, from another name', { host: 'evil.example' }],
    ['the token, from another site', { origin: 'https://evil.example' }],
  ] as const)('%s is refused', async (_name, changes) => {
    const answer = await get(new URL(served.url).search, { cookie: '', ...changes })
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
  })

  it.each([
    ['no origin', () => ({})],
    ['another origin', () => ({ origin: 'https://evil.example' })],
    ['https in place of http', () => ({ origin: `https://${host()}` })],
    ['an origin that begins alike', () => ({ origin: `http://${host()}.evil.example` })],
    ['another name for this machine', () => ({ origin: `http://${host()}`, host: 'evil.example' })],
  ])('a socket with the key and %s is refused', async (_name, changes) => {
    const answer = await upgrade(`?key=${key}`, changes())
    expect(answer.status).toBe(403)
    expect(answer.body).toBe('')
  })

  it.each(['', '?key=', '?key=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', '?token=x'])(
    'a socket from the right page with the key %o is refused',
    async (query) => {
      expect((await upgrade(query, { origin: `http://${host()}` })).status).toBe(403)
    },
  )
})

describe('what is served', () => {
  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%2f..%2fsecret.txt', '/%00.js'])(
    'nothing outside the page for %s',
    async (path) => {
      const answer = await get(path)
      expect(answer.status).toBe(404)
      expect(answer.text).not.toContain('outside')
    },
  )

  it.each(['//', '//evil.example/', '/%', '/%E0%A4%A', '*', 'http://[/'])('survives %s', async (path) => {
    expect((await get(path)).text).not.toContain('outside')
    expect((await get('/')).status).toBe(200)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    expect((await get('/', { method })).status).toBe(405)
  })

  it('guards every answer', async () => {
    const { headers } = await get('/')
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';")
    expect(headers['content-security-policy']).toContain(`connect-src 'self' ws://${host()};`)
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  it('lets browsers keep what never changes, and nothing else', async () => {
    expect((await get('/assets/index-AbCd1234.js')).headers['cache-control']).toContain('immutable')
    expect((await get('/')).headers['cache-control']).toBe('no-store')
  })
})

describe('the socket', () => {
  it('opens for the page', async () => {
    await opened(openSocket())
  })

  it('is closed on a message that is too large, and the next one opens', async () => {
    const socket = openSocket()
    await opened(socket)
    const closed = new Promise<number>((resolve) => socket.once('close', resolve))
    socket.send(Buffer.alloc(65 * 2 ** 20))
    expect(await closed).toBe(1009)
    await opened(openSocket())
  })

  it('survives a client that goes away in the middle of the handshake', async () => {
    const { connect } = await import('node:net')
    const socket = connect(served.port, '127.0.0.1')
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
    socket.write(`GET / HTTP/1.1\r\nHost: ${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    socket.resetAndDestroy()
    await new Promise<void>((resolve) => socket.once('close', () => resolve()))
    await opened(openSocket())
  })
})

it('says which port is taken', async () => {
  const page = builtPage('/nowhere')
  const error = await failure(serve({ port: served.port, page }))
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: `Port ${served.port} is taken.` })
})
