import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pageFile } from '../page-files.ts'
import { contentSecurityPolicy } from '../policy.ts'

/** Answers a request for the page or one of its files, once it has been let in. */
export type ServePage = (request: IncomingMessage, response: ServerResponse) => void

/** With every answer to someone who was let in. */
export const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** Serves the built page. `root`: its folder, absolute. */
export function builtPage(root: string): ServePage {
  return (request, response) => void send(root, request, response).catch(() => response.destroy())
}

async function send(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [pathname = '/'] = (request.url ?? '/').split('?')
  const file = await pageFile(root, pathname)
  if (!file) return void response.writeHead(404, commonHeaders).end()
  response.writeHead(200, {
    ...commonHeaders,
    'Content-Type': file.type,
    'Content-Security-Policy': contentSecurityPolicy(`ws://${request.headers.host}`),
    'Cache-Control': file.lasting ? 'max-age=31536000, immutable' : 'no-store',
  })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(file.path)
    .on('error', () => response.destroy())
    .pipe(response)
}
