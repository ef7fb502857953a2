/** Whoever shows sessions: a window, a browser tab. Any object of its own. */
export type Page = object

/** Which pages show a session. One that nobody has shown for a while is lost; one that no page ever asked for stays. */
export class Holders {
  private readonly graceMs: number
  private readonly lost: (session: string) => void
  private readonly pages = new Map<string, Set<Page>>()
  private readonly waiting = new Map<string, NodeJS.Timeout>()
  private readonly gone = new WeakSet<Page>()

  /** @param graceMs milliseconds that a page has to come back, e.g. when it is loaded anew */
  constructor(graceMs: number, lost: (session: string) => void) {
    this.graceMs = graceMs
    this.lost = lost
  }

  claim(session: string, page: Page | undefined): void {
    if (!page || this.gone.has(page)) return
    this.pages.set(session, (this.pages.get(session) ?? new Set()).add(page))
    clearTimeout(this.waiting.get(session))
    this.waiting.delete(session)
  }

  /** The page is gone, and may come back as another one. */
  leave(page: Page): void {
    this.gone.add(page)
    for (const [session, pages] of this.pages) {
      if (!pages.delete(page) || pages.size > 0) continue
      const timer = setTimeout(() => this.lost(session), this.graceMs)
      this.waiting.set(session, timer.unref())
    }
  }

  hasGone(page: Page | undefined): boolean {
    return page !== undefined && this.gone.has(page)
  }

  forget(session: string): void {
    this.pages.delete(session)
    clearTimeout(this.waiting.get(session))
    this.waiting.delete(session)
  }
}
