import type { CDPSession } from 'playwright'

type Contents = { getURL(): string }
type CheckHandler = (contents: Contents | null, permission: string, origin: string, details: object) => boolean
type RequestHandler = (
  contents: Contents,
  permission: string,
  answer: (granted: boolean) => void,
  details: { isMainFrame: boolean; requestingUrl: string },
) => void

/** Permissions as pages name them, and as Electron does. */
const permissions: Record<string, string> = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  camera: 'media',
  microphone: 'media',
  midi: 'midi',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
}

class EmulatedSession {
  private check: CheckHandler | null = null
  private request: RequestHandler | null = null
  device: ((details: object) => boolean) | null = null

  setPermissionCheckHandler(handler: CheckHandler | null): void {
    this.check = handler
  }

  setPermissionRequestHandler(handler: RequestHandler | null): void {
    this.request = handler
  }

  setDevicePermissionHandler(handler: ((details: object) => boolean) | null): void {
    this.device = handler
  }

  /** Lets Chromium answer as the handlers do. What no handler decides is granted, as Electron does. */
  async applyTo(chromium: CDPSession, contents: Contents): Promise<void> {
    for (const [name, electronName] of Object.entries(permissions)) {
      const setting = this.grants(contents, electronName) ? 'granted' : 'denied'
      await chromium.send('Browser.setPermission', { permission: { name }, setting })
    }
  }

  private grants(contents: Contents, permission: string): boolean {
    const page = contents.getURL()
    let granted = this.request === null
    const answer = (given: boolean) => {
      granted = given
    }
    this.request?.(contents, permission, answer, { isMainFrame: true, requestingUrl: page })
    return granted && (this.check?.(contents, permission, page, {}) ?? true)
  }
}

export const session = { defaultSession: new EmulatedSession() }
