/** Tabs that can be opened again. */
const most = 30

/** What was closed in this window, the last one last. */
export class ClosedTabs<T> {
  private readonly tabs: T[] = []

  get any(): boolean {
    return this.tabs.length > 0
  }

  keep(tab: T): void {
    this.tabs.push(tab)
    if (this.tabs.length > most) this.tabs.shift()
  }

  takeLast(): T | undefined {
    return this.tabs.pop()
  }
}

/** Closes several tabs one after the other, until the user cancels. @param close tells whether the tab was closed */
export async function closeEach(ids: readonly string[], close: (id: string) => Promise<boolean>): Promise<void> {
  for (const id of ids) if (!(await close(id))) return
}
