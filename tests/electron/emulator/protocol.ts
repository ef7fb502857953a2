type Handler = (request: Request) => Response | Promise<Response>

interface CustomScheme {
  scheme: string
  privileges?: { standard?: boolean; secure?: boolean }
}

const schemes = new Map<string, CustomScheme>()
const handlers = new Map<string, Handler>()

export const protocol = {
  registerSchemesAsPrivileged(given: CustomScheme[]): void {
    for (const one of given) schemes.set(one.scheme, one)
  },
  handle(scheme: string, handler: Handler): void {
    const privileges = schemes.get(scheme)?.privileges
    if (!privileges?.standard || !privileges.secure)
      throw new Error(`The emulator shows pages of secure, standard schemes only, not of ${scheme}.`)
    handlers.set(scheme, handler)
  },
}

/**
 * Chromium knows no schemes of others, and gives their pages no origin. Its pages therefore stand at `https://<host>/`, and addresses are
 * put back where the app sees them. Only hosts without a dot are taken for such: no site has one.
 */
export function toChromium(url: string): string {
  const scheme = url.slice(0, url.indexOf(':'))
  return handlers.has(scheme) ? `https${url.slice(scheme.length)}` : url
}

export function toApp(url: string): string {
  const [scheme] = handlers.keys()
  const { protocol: own, hostname, port } = URL.parse(url) ?? {}
  const ours = own === 'https:' && port === '' && hostname !== undefined && !hostname.includes('.')
  return scheme !== undefined && ours ? `${scheme}${url.slice('https'.length)}` : url
}

/** What the app answers for an address of its scheme; undefined for any other. */
export async function answer(url: string, method: string): Promise<Response | undefined> {
  const inApp = toApp(url)
  const handler = handlers.get(inApp.slice(0, inApp.indexOf(':')))
  return handler?.(new Request(inApp, { method }))
}
