declare global {
  interface Window {
    /** Put there by the preload of the desktop, and nothing besides. */
    sluicePathOf?(file: File): string
  }
}

/** The desktop serves the page as `app://sluice/`; no server can have that name without a port. */
export const onDesktop = (): boolean => location.host === 'sluice'

/** Absolute path of a file that was dropped or chosen; null where it is not told, which is in every browser. */
export const pathOfFile = (file: File): string | null => window.sluicePathOf?.(file) || null
