export interface KeyPress {
  key: string
  /** The key's place on the keyboard, e.g. `KeyW`. */
  code?: string
  ctrlKey: boolean
  metaKey: boolean
  shiftKey: boolean
  altKey: boolean
}

const isMac = () => navigator.platform.startsWith('Mac')

/** `mod+shift+S` → mod, shift, S; the key itself may be a plus. */
const partsOf = (shortcut: string): string[] => shortcut.split(/\+(?!$)/)

/** Whether a key press is a shortcut such as `mod+shift+S`. */
export function matches(shortcut: string, press: KeyPress, mac = isMac()): boolean {
  const parts = partsOf(shortcut)
  const key = parts.at(-1) ?? ''
  const wants = (name: string) => parts.slice(0, -1).includes(name)
  const mod = mac ? press.metaKey : press.ctrlKey
  const other = mac ? press.ctrlKey : press.metaKey
  // Signs such as ? need Shift on some keyboards and not on others.
  const sign = key.length === 1 && !/[a-z0-9]/i.test(key)
  return (
    (press.key.toLowerCase() === key.toLowerCase() || (wants('alt') && press.code === codeOf(key))) &&
    mod === wants('mod') &&
    !other &&
    press.altKey === wants('alt') &&
    (sign || press.shiftKey === wants('shift'))
  )
}

/** With Alt, some systems type another character than the one on the key. */
const codeOf = (key: string) => (/^\d$/.test(key) ? `Digit${key}` : `Key${key.toUpperCase()}`)

const names: Record<string, string> = {
  Delete: 'Del',
  Escape: 'Esc',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
}

/** A shortcut as people read it: `Ctrl+Shift+S`, `⇧⌘S`. */
export function shortcutText(shortcut: string, mac = isMac()): string {
  const parts = partsOf(shortcut).map((part, index, all) => {
    if (index === all.length - 1) return names[part] ?? (part.length === 1 ? part.toUpperCase() : part)
    if (part === 'mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'shift') return mac ? '⇧' : 'Shift'
    return mac ? '⌥' : 'Alt'
  })
  return parts.join(mac ? '' : '+')
}
