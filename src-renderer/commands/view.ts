import {
  IconLayoutBottombar,
  IconLayoutSidebar,
  IconLayoutSidebarRight,
  IconMoon,
  IconSun,
  IconSunMoon,
} from '@tabler/icons-react'
import { changeSettings, useSettings } from '../stores/settings.ts'
import { type Region, toggleRegion } from '../stores/window.ts'
import { type Command, defineCommand } from './define.ts'

const region = (name: Region, title: string, keys: string, icon: NonNullable<Command['icon']>) =>
  defineCommand({
    id: `view.${name}`,
    title,
    section: 'View',
    icon,
    keys: [keys],
    whileTyping: true,
    run: () => toggleRegion(name),
  })

export const toggleLeft = region('left', 'Show or hide the palette', 'mod+B', IconLayoutSidebar)
export const toggleRight = region('right', 'Show or hide the inspector', 'mod+alt+B', IconLayoutSidebarRight)
export const toggleBottom = region('bottom', 'Show or hide the results', 'mod+J', IconLayoutBottombar)

const theme = (name: 'system' | 'light' | 'dark', title: string, icon: NonNullable<Command['icon']>) =>
  defineCommand({
    id: `view.theme.${name}`,
    title,
    section: 'View',
    icon,
    enabled: () => useSettings.getState().theme !== name,
    run: () => changeSettings({ theme: name }),
  })

export const lightTheme = theme('light', 'Light theme', IconSun)
export const darkTheme = theme('dark', 'Dark theme', IconMoon)
export const systemTheme = theme('system', 'Theme of the system', IconSunMoon)
