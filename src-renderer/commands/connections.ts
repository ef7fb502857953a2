import { IconDatabasePlus } from '@tabler/icons-react'
import { showNew } from '../connections/state.ts'
import { goTo } from '../stores/window.ts'
import { defineCommand } from './define.ts'

export const newConnection = defineCommand({
  id: 'connection.new',
  title: 'New connection',
  section: 'File',
  icon: IconDatabasePlus,
  async run() {
    goTo('connections')
    await showNew('sqlite')
  },
})
