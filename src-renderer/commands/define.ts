import type { Icon } from '@tabler/icons-react'

export const sections = ['File', 'Edit', 'Canvas', 'Run', 'Query', 'Tables', 'View', 'Go', 'Help'] as const
export type Section = (typeof sections)[number]

/** Something the user can do; menu, palette, shortcut and key sheet are all made from it. */
export interface Command {
  /** Stable, e.g. `pipeline.save`. */
  id: string
  title: string
  section: Section
  icon?: Icon
  /** Shortcuts, the first one is shown: `mod+shift+S`, `F5`, `Delete`, `?`. `mod` is Ctrl, or Cmd on a Mac. */
  keys?: readonly string[]
  /** `canvas`: keys count only while the canvas has the focus. Otherwise they count anywhere in the window. */
  scope?: 'window' | 'canvas'
  /** What has the focus takes the keys itself (Tab on the canvas, events of the clipboard); here they are only shown. */
  native?: boolean
  /** Keys count while the user types in a field, too. */
  whileTyping?: boolean
  /** Not in the menu and the palette, only a shortcut (arrows). */
  hidden?: boolean
  /** What the key sheet says instead, where one line stands for several commands; null where another's line does. */
  sheet?: { title: string; keys: readonly [from: string, to: string] } | null
  /** Whether it can be done now; always, when absent. */
  enabled?(): boolean
  /** Failures are shown as a notification. */
  run(): void | Promise<void>
}

export const defineCommand = (command: Command): Command => command
