import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const secret = () => randomBytes(24).toString('base64url')

/**
 * Who may come in: requests that name this very address (against DNS rebinding), from this very page (against other
 * sites), with a secret of this launch. All others learn nothing, not even that Sluice is here.
 *
 * Three secrets, because browsers send a cookie to every port of a host, and another user's program may listen on one: the cookie
 * opens the page's files, which tell nothing. What opens the contract is handed to the page alone, behind the # of its address.
 */
export class Gate {
  private readonly token = secret()
  private readonly pass = secret()
  private readonly key = secret()
  private readonly tickets = new Set<string>()
  private readonly hosts: ReadonlySet<string>
  private readonly origins: ReadonlySet<string>
  private readonly cookie: string
  private readonly root: string

  constructor(port: number) {
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
    this.hosts = new Set(hosts)
    this.origins = new Set(hosts.map((host) => `http://${host}`))
    this.cookie = `sluice-${port}`
    this.root = `http://127.0.0.1:${port}/`
  }

  /** For the user; good until the server ends. */
  get address(): string {
    return `${this.root}?token=${this.token}`
  }

  /** An address that works once: it shows in the list of processes while a browser is started with it. */
  ticket(): string {
    const ticket = secret()
    this.tickets.add(ticket)
    return `${this.root}?token=${ticket}`
  }

  /** Where to send whoever brought a token, so that the token leaves the address; undefined for a request without one. */
  welcome(request: IncomingMessage): { Location: string; 'Set-Cookie': string } | undefined {
    if (!this.knownPlace(request, false)) return undefined
    const given = parameter(request, 'token')
    if (given === null || !(same(given, this.token) || this.tickets.delete(given))) return undefined
    // Lax: the address may be clicked in another page, such as a terminal in the browser.
    const cookie = `${this.cookie}=${this.pass}; HttpOnly; SameSite=Lax; Path=/`
    return { Location: `/#key=${this.key}`, 'Set-Cookie': cookie }
  }

  /** The page and its files. */
  admitsPage(request: IncomingMessage): boolean {
    return this.knownPlace(request, false) && same(this.cookieOf(request), this.pass)
  }

  /** The contract, which may do all that the user may. */
  admitsSocket(request: IncomingMessage): boolean {
    return this.knownPlace(request, true) && same(parameter(request, 'key'), this.key)
  }

  private knownPlace({ headers: { host, origin } }: IncomingMessage, needsOrigin: boolean): boolean {
    if (host === undefined || !this.hosts.has(host)) return false
    return origin === undefined ? !needsOrigin : this.origins.has(origin)
  }

  private cookieOf({ headers }: IncomingMessage): string | null {
    const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
    return pairs.find(([name]) => name === this.cookie)?.[1] ?? null
  }
}

function parameter({ url = '/' }: IncomingMessage, name: string): string | null {
  const query = url.indexOf('?')
  return query < 0 ? null : new URLSearchParams(url.slice(query)).get(name)
}

function same(given: string | null, secret: string): boolean {
  if (given === null) return false
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}
