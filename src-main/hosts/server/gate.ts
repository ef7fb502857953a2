import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const cookieName = 'sluice'

/**
 * Who may come in: requests that name this very address (against DNS rebinding), from this very page (against other
 * sites), with the token of this launch. All others learn nothing, not even that Sluice is here.
 */
export class Gate {
  private readonly token: string
  private readonly hosts: ReadonlySet<string>
  private readonly origins: ReadonlySet<string>
  private readonly cookie: string

  constructor(port: number, token: string) {
    this.token = token
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
    this.hosts = new Set(hosts)
    this.origins = new Set(hosts.map((host) => `http://${host}`))
    this.cookie = `${cookieName}-${port}`
  }

  /** The page and its files: with the token in the address once, then in a cookie. */
  admitsPage(request: IncomingMessage): boolean {
    const { origin } = request.headers
    return this.knownHost(request) && (origin === undefined || this.origins.has(origin)) && this.hasToken(request)
  }

  admitsSocket(request: IncomingMessage): boolean {
    const { origin } = request.headers
    return this.knownHost(request) && origin !== undefined && this.origins.has(origin) && this.hasToken(request)
  }

  /** Whether the token came in the address, so that the address can be cleaned. */
  broughtToken(request: IncomingMessage): boolean {
    return this.same(new URL(request.url ?? '/', 'http://x').searchParams.get('token'))
  }

  setCookie(): string {
    return `${this.cookie}=${this.token}; HttpOnly; SameSite=Strict; Path=/`
  }

  private knownHost({ headers }: IncomingMessage): boolean {
    return headers.host !== undefined && this.hosts.has(headers.host)
  }

  private hasToken(request: IncomingMessage): boolean {
    return this.broughtToken(request) || this.same(this.cookieOf(request))
  }

  private cookieOf({ headers }: IncomingMessage): string | null {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
    return pairs.find(([name]) => name === this.cookie)?.[1] ?? null
  }

  private same(given: string | null): boolean {
    if (given === null) return false
    const [a, b] = [Buffer.from(given), Buffer.from(this.token)]
    return a.length === b.length && timingSafeEqual(a, b)
  }
}
