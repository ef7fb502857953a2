const kept = 'sluice:key'

/**
 * What opens the contract to this page in a browser: brought behind the # of the address, taken out of it at once, and kept for reloads of
 * this tab. Null in a tab that was opened without it.
 */
export function pageKey(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('key')
  if (given !== null) {
    sessionStorage.setItem(kept, given)
    history.replaceState(null, '', location.pathname)
  }
  return sessionStorage.getItem(kept)
}
