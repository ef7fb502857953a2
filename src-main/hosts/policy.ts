/**
 * What the page may load: its own files and nothing else. Styles may be inline because component libraries set them while
 * they run; scripts may not.
 * @param connect where the contract is spoken, when it is not over a message port
 */
export function contentSecurityPolicy(connect = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${connect}`.trimEnd(),
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const outside = new Set(['https:', 'http:', 'mailto:'])

/** The address, if it may be opened in the user's browser; undefined for anything else. */
export function externalUrl(text: string): string | undefined {
  let url: URL
  try {
    url = new URL(text)
  } catch {
    return undefined
  }
  return outside.has(url.protocol) && url.username === '' && url.password === '' ? url.href : undefined
}
