import { eventIterator, oc, type } from '@orpc/contract'
import { z } from 'zod'
import type { SavedQuery } from './queries.ts'

/** What the screen needs to know of the program around it. */
export interface AppInfo {
  version: string
  /** `desktop` has a window of its own and native dialogs; `browser` is served to any browser on this machine. */
  host: 'desktop' | 'browser'
  platform: 'linux' | 'darwin' | 'win32'
  /** Folder of the workspace. */
  home: string
  /** Folder that file dialogs start in. */
  folder: string
  /** Id of the process that reads and writes data. */
  enginePid: number
  /** A sentence to show once, e.g. that secrets cannot be guarded by the system here. */
  notice?: string
}

/** What happens outside the page and concerns it. */
export type AppEvent =
  /** A menu item was chosen; the id of a command. */
  | { type: 'command'; command: string }
  /** A file was opened from the system: a double click, the dock, a second start. */
  | { type: 'open'; path: string }

/** What a page has changed of what every page of the workspace shows. */
export type WorkspaceChange =
  /** Connections were added, or are others now under their names. */
  | { type: 'connections' }
  | { type: 'connection-renamed'; name: string; to: string }
  | { type: 'connection-removed'; name: string }
  /** A query was saved, perhaps over another of its name. */
  | { type: 'query-saved'; query: SavedQuery }
  | { type: 'query-renamed'; path: string; query: SavedQuery }
  | { type: 'query-removed'; path: string }

export const menuSchema = z.array(
  z.object({
    title: z.string(),
    items: z.array(
      z.object({
        /** Id of the command. */
        command: z.string(),
        title: z.string(),
        /** As the screen writes it, e.g. `mod+shift+S`. */
        keys: z.string().optional(),
        enabled: z.boolean(),
      }),
    ),
  }),
)
/** The window's menu: sections of commands, as the screen knows them. */
export type Menu = z.infer<typeof menuSchema>

export const app = {
  info: oc.output(type<AppInfo>()),
  events: oc.output(eventIterator(type<AppEvent>())),
  /** What the pages of the workspace change from now on, this one too. */
  changes: oc.output(eventIterator(type<WorkspaceChange>())),
  /** Opens a page in the system's browser. Only http, https and mailto; anything else is refused. */
  openExternal: oc.input(z.object({ url: z.string().max(2_000) })),
  /** What the menu of the desktop's window holds from now on. */
  menu: oc.input(menuSchema),
  /** What the window's title shows. */
  title: oc.input(z.object({ title: z.string(), edited: z.boolean(), path: z.string().nullable() })),
}
