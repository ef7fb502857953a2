import type { AppEvent, AppInfo, Menu } from '../../shared/contract/app.ts'

export interface PickRequest {
  purpose: 'open' | 'save' | 'folder'
  title: string
  start?: string | undefined
  filters?: { name: string; extensions: string[] }[] | undefined
}

/** What the program around the engine can do for the screen: a desktop shell can, a server cannot. */
export interface Host {
  readonly kind: AppInfo['host']
  /** Something the user should know once, e.g. that the system guards no secrets here. */
  readonly notice?: string
  /** The system's file dialog; null when it was cancelled. @throws AppError INTERNAL where there is none */
  pick(request: PickRequest): Promise<string | null>
  /** Opens a page in the user's browser. @throws AppError CONFIG_INVALID for an address that is not let out */
  openExternal(url: string): Promise<void>
  title(window: { title: string; edited: boolean; path: string | null }): void
  menu(menu: Menu): void
  /** What the shell tells the page, until the signal aborts. */
  events(signal: AbortSignal): AsyncIterable<AppEvent>
}
