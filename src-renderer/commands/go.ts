import {
  type Icon,
  IconDatabase,
  IconHistory,
  IconSettings,
  IconTerminal2,
  IconTopologyStar3,
} from '@tabler/icons-react'
import { activateDocument, useDocuments } from '../stores/documents.ts'
import { goTo, type Screen } from '../stores/window.ts'
import { type Command, defineCommand } from './define.ts'
import { tabInFront } from './in-front.ts'

const screen = (name: Screen, title: string, keys: string[], icon: Icon) => ({
  ...defineCommand({
    id: `go.${name}`,
    title,
    section: 'Go',
    keys,
    whileTyping: true,
    run: () => goTo(name),
  }),
  icon,
})

/** The screens, in the order of the rail. */
export const screenCommands = {
  pipelines: screen('pipelines', 'Pipelines', ['alt+P'], IconTopologyStar3),
  query: screen('query', 'Query', ['alt+Q'], IconTerminal2),
  connections: screen('connections', 'Connections', ['alt+C'], IconDatabase),
  runs: screen('runs', 'Runs', ['alt+R'], IconHistory),
  settings: screen('settings', 'Settings', ['mod+,'], IconSettings),
} as const satisfies Record<Screen, Command>

function step(by: number): void {
  const { order, active } = useDocuments.getState()
  const at = active === null ? -1 : order.indexOf(active)
  const next = order[(at + by + order.length) % order.length]
  if (next !== undefined) activateDocument(next)
}

const severalTabs = () => tabInFront() !== null && useDocuments.getState().order.length > 1

export const nextTab = defineCommand({
  id: 'go.nextTab',
  title: 'Next tab',
  section: 'Go',
  // Browsers keep mod+PageDown for themselves.
  keys: ['mod+PageDown', 'alt+PageDown'],
  whileTyping: true,
  enabled: severalTabs,
  run: () => step(1),
})

export const previousTab = defineCommand({
  id: 'go.previousTab',
  title: 'Previous tab',
  section: 'Go',
  keys: ['mod+PageUp', 'alt+PageUp'],
  whileTyping: true,
  enabled: severalTabs,
  run: () => step(-1),
})

/** The tab at each of the first nine places. */
export const numberedTabs: readonly Command[] = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) =>
  defineCommand({
    id: `go.tab.${number}`,
    title: `Tab ${number}`,
    section: 'Go',
    keys: [`alt+${number}`],
    whileTyping: true,
    hidden: true,
    sheet: number === 1 ? { title: 'Tab 1 to 9', keys: ['alt+1', 'alt+9'] } : null,
    enabled: () => useDocuments.getState().order.length >= number,
    run() {
      activateDocument(useDocuments.getState().order[number - 1] ?? '')
      goTo('pipelines')
    },
  }),
)
