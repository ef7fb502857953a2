import { readFile } from 'node:fs/promises'
import { protocol } from 'electron'
import { pageFile } from '../page-files.ts'
import { contentSecurityPolicy } from '../policy.ts'

const scheme = 'app'
const host = 'sluice'

/** The one page that windows show. */
export const pageUrl = `${scheme}://${host}/`

/** Whether an address or origin belongs to our page's files. Parsed, because a prefix proves nothing. */
export function isOwn(address: string): boolean {
  const url = URL.parse(address)
  return url?.protocol === `${scheme}:` && url.host === host
}

/** Whether an address is the page itself, as when it is loaded again. */
export function isPage(address: string): boolean {
  return isOwn(address) && URL.parse(address)?.pathname === '/'
}

/** Makes the scheme an origin of its own, with what secure pages may do. Call before the app is ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/** Serves the built page under the scheme. `root`: its folder, absolute. */
export function servePage(root: string): void {
  protocol.handle(scheme, async (request) => {
    const url = new URL(request.url)
    if (url.host !== host || request.method !== 'GET') return new Response(null, { status: 404 })
    const file = await pageFile(root, url.pathname)
    if (!file) return new Response(null, { status: 404 })
    return new Response(await readFile(file.path), {
      headers: {
        'Content-Type': file.type,
        'Content-Security-Policy': contentSecurityPolicy(),
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
        'Cross-Origin-Opener-Policy': 'same-origin',
      },
    })
  })
}
