import { app, type Session, shell, type WebContents } from 'electron'
import { AppError } from '../../../shared/errors.ts'
import { externalUrl } from '../policy.ts'
import { isOwn, isPage } from './page.ts'

/** The one way out: opens a page in the user's browser. @throws AppError CONFIG_INVALID for an address that is not let out */
export async function openExternal(address: string): Promise<void> {
  const url = externalUrl(address)
  if (url === undefined) throw new AppError('CONFIG_INVALID', `The address ${address} is not opened from here.`)
  await shell.openExternal(url)
}

/** Holds whatever a window shows, now and later, to our page: it goes nowhere, opens nothing and embeds nothing. */
export function guardContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isPage(event.url)) event.preventDefault()
    })
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame) event.preventDefault()
    })
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      openExternal(url).catch(() => undefined)
      return { action: 'deny' }
    })
  })
}

const allowed = new Set(['clipboard-read', 'clipboard-sanitized-write'])

/** Denies the page all that a browser would ask the user for, but the clipboard: nodes and cells are copied and pasted. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    answer(allowed.has(permission) && details.isMainFrame && isOwn(details.requestingUrl) && isOwn(contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => allowed.has(permission) && isOwn(origin))
  session.setDevicePermissionHandler(() => false)
}

/** Whether a message comes from our page, in the main frame of this window. */
export function isFromPage(
  event: { sender: WebContents; senderFrame: { url: string } | null },
  own: WebContents,
): boolean {
  return event.sender === own && event.senderFrame === own.mainFrame && isPage(event.senderFrame.url)
}
