import type { MenuItemConstructorOptions } from 'electron'
import type { Menu } from '../../../shared/contract/app.ts'

type Item = Menu[number]['items'][number]

/** Commands that text fields on a Mac know only from the menu. */
const textRoles: Record<string, MenuItemConstructorOptions['role']> = {
  'mod+X': 'cut',
  'mod+C': 'copy',
  'mod+V': 'paste',
  'mod+A': 'selectAll',
}

const keyNames: Record<string, string> = {
  Enter: 'Return',
  Escape: 'Escape',
  Delete: 'Delete',
  Backspace: 'Backspace',
  Tab: 'Tab',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ' ': 'Space',
  '+': 'Plus',
}

const modifiers: Record<string, string> = { mod: 'CmdOrCtrl', shift: 'Shift', alt: 'Alt' }

/** A shortcut in Electron's words; undefined for one it cannot show. */
export function accelerator(keys: string): string | undefined {
  const parts = keys.split('+')
  const key = parts.pop() || '+'
  const name = keyNames[key] ?? (/^(F\d{1,2}|[!-~])$/.test(key) ? key.toUpperCase() : undefined)
  const before = parts.filter((part) => part !== '').map((part) => modifiers[part])
  return name === undefined || before.includes(undefined) ? undefined : [...before, name].join('+')
}

export interface MenuOptions {
  menu: Menu
  platform: NodeJS.Platform
  /** Whether tools for those who work on Sluice are shown. */
  tools: boolean
  /** A command was chosen. */
  choose(command: string): void
}

/** The application menu: the page's sections of commands, and what systems expect beside them. */
export function menuTemplate({ menu, platform, tools, choose }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const sections = menu.map(({ title, items }) => ({
    label: title,
    submenu: items.map((item) => entry(item, mac, choose)),
  }))
  const section = (label: string) => {
    const known = sections.find((one) => one.label === label)
    if (known) return known.submenu
    const made = { label, submenu: [] }
    sections.push(made)
    return made.submenu
  }
  if (!mac) add(section('File'), [{ role: 'quit' }])
  const zoom: MenuItemConstructorOptions[] = [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }]
  add(section('View'), [...zoom, { role: 'togglefullscreen' }, ...(tools ? [{ role: 'toggleDevTools' } as const] : [])])
  if (!mac) add(section('Help'), [{ role: 'about' }])
  if (!mac) return sections
  const before = sections.filter(({ label }) => label !== 'Help')
  const help = sections.filter(({ label }) => label === 'Help').map((one) => ({ ...one, role: 'help' as const }))
  return [{ role: 'appMenu' }, ...before, { role: 'windowMenu' }, ...help]
}

function add(items: MenuItemConstructorOptions[], more: readonly MenuItemConstructorOptions[]): void {
  if (items.length > 0) items.push({ type: 'separator' })
  items.push(...more)
}

function entry({ command, title, keys, enabled }: Item, mac: boolean, choose: (command: string) => void) {
  const role = mac && keys !== undefined ? textRoles[keys] : undefined
  if (role) return { role, label: title }
  const shown = keys === undefined ? undefined : accelerator(keys)
  const item: MenuItemConstructorOptions = { label: title, id: command, enabled, click: () => choose(command) }
  // The page takes the keys; the menu only shows them. A Mac cannot do that, and must not take bare keys from who types.
  if (shown === undefined || (mac && !shown.includes('CmdOrCtrl') && !/F\d+$/.test(shown))) return item
  return { ...item, accelerator: shown, registerAccelerator: false }
}
