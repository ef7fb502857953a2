import { IconBook2, IconCommand, IconKeyboard } from '@tabler/icons-react'
import { openPalette } from '../app/palette-store.ts'
import { openDialog } from '../stores/window.ts'
import { defineCommand } from './define.ts'

export const palette = defineCommand({
  id: 'help.palette',
  title: 'All commands…',
  section: 'Help',
  icon: IconCommand,
  keys: ['mod+K', 'F1'],
  whileTyping: true,
  run: openPalette,
})

export const keySheet = defineCommand({
  id: 'help.keys',
  title: 'Keyboard shortcuts',
  section: 'Help',
  icon: IconKeyboard,
  keys: ['?'],
  run: () => openDialog('keys'),
})

export const nodeHelp = defineCommand({
  id: 'help.nodes',
  title: 'Help on nodes',
  section: 'Help',
  icon: IconBook2,
  run: () => openDialog('help'),
})
