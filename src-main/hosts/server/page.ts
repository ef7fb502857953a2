import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'
import { contentSecurityPolicy } from '../policy.ts'
import type { Gate } from './gate.ts'

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.map': 'application/json',
}

/** Sends a file of the built page; any path without a file is the page itself. */
export function servePage(root: string, gate: Gate, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end()
  if (gate.broughtToken(request)) {
    // Out of the address at once, so that it is in no history and no screenshot.
    return void response.writeHead(303, { Location: '/', 'Set-Cookie': gate.setCookie(), ...headers }).end()
  }
  void send(root, request, response).catch(() => response.destroy())
}

const headers = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

async function send(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://x')
  const asked = normalize(join(root, decodeURIComponent(pathname)))
  const inside = asked.startsWith(root + sep)
  const found = inside && (await stat(asked).catch(() => undefined))?.isFile()
  if (!found && extname(pathname) !== '') return void response.writeHead(404, headers).end()
  const path = found ? asked : join(root, 'index.html')
  const lasting = found && /[-.][\w-]{8}\.\w+$/.test(path)
  response.writeHead(200, {
    ...headers,
    'Content-Type': types[extname(path)] ?? 'application/octet-stream',
    'Content-Security-Policy': contentSecurityPolicy(`ws://${request.headers.host}`),
    'Cache-Control': lasting ? 'max-age=31536000, immutable' : 'no-store',
  })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(path)
    .on('error', () => response.destroy())
    .pipe(response)
}
