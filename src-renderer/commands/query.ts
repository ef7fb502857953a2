import {
  IconBinaryTree,
  IconDeviceFloppy,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlayerTrackNext,
  IconPlus,
  IconSitemap,
  IconStopwatch,
  IconTextWrapDisabled,
  IconTopologyStar3,
  IconX,
} from '@tabler/icons-react'
import { useProgram } from '../stores/program.ts'
import { useWindow } from '../stores/window.ts'
import { showNotice } from '../ui/notify.ts'
import { explainTab, runTab, stopTab } from '../workbench/actions.ts'
import { putCaret } from '../workbench/caret.ts'
import { canReopen, closeTab, closeTabs, reopenClosed } from '../workbench/closing.ts'
import { dialectOf } from '../workbench/connections.ts'
import { formatTab } from '../workbench/format-sql.ts'
import { saveTab } from '../workbench/open.ts'
import { runOf } from '../workbench/runs.ts'
import { activateTab, activeTab, openTab, useTabs } from '../workbench/tabs.ts'
import { toPipeline } from '../workbench/to-pipeline.ts'
import { defineCommand } from './define.ts'
import { shortcutText } from './keys.ts'

/** These keys mean something else on the other screens. */
const onScreen = () => useWindow.getState().screen === 'query'
const inFront = () => (onScreen() ? activeTab() : undefined)
/** The query in front; a diagram is none. */
const shown = () => (inFront()?.diagram ? undefined : inFront())
const several = () => onScreen() && useTabs.getState().tabs.length > 1
const isRunning = () => runOf(shown()?.id ?? '').running
const canRun = () => {
  const tab = shown()
  return tab !== undefined && tab.connection !== null && tab.sql.trim() !== '' && !isRunning()
}
const dialectShown = () => dialectOf(shown()?.connection ?? null, shown()?.folder ?? '')

export const newQuery = defineCommand({
  id: 'query.new',
  title: 'New query',
  section: 'Query',
  icon: IconPlus,
  keys: ['alt+N', 'mod+N'],
  whileTyping: true,
  enabled: onScreen,
  run() {
    const before = activeTab()
    const folder = before?.folder ?? useProgram.getState().info?.home ?? ''
    putCaret(openTab({ connection: before?.connection ?? null, folder }), 0)
  },
})

export const runQuery = defineCommand({
  id: 'query.run',
  title: 'Run the statement or selection',
  section: 'Query',
  icon: IconPlayerPlay,
  keys: ['mod+Enter', 'F5'],
  whileTyping: true,
  enabled: canRun,
  run: () => runTab(shown()?.id ?? '', 'statement'),
})

export const runQueryAll = defineCommand({
  id: 'query.runAll',
  title: 'Run all statements',
  section: 'Query',
  icon: IconPlayerTrackNext,
  keys: ['mod+shift+Enter'],
  whileTyping: true,
  enabled: canRun,
  run: () => runTab(shown()?.id ?? '', 'all'),
})

export const stopQuery = defineCommand({
  id: 'query.stop',
  title: 'Stop the query',
  section: 'Query',
  icon: IconPlayerStop,
  keys: ['Escape'],
  whileTyping: true,
  enabled: isRunning,
  run: () => stopTab(shown()?.id ?? ''),
})

export const explainQuery = defineCommand({
  id: 'query.explain',
  title: 'Explain',
  section: 'Query',
  icon: IconSitemap,
  keys: ['mod+E'],
  whileTyping: true,
  enabled: canRun,
  run: () => explainTab(shown()?.id ?? '', false),
})

export const explainAnalyzeQuery = defineCommand({
  id: 'query.explainAnalyze',
  title: 'Explain and run (analyze)',
  section: 'Query',
  icon: IconStopwatch,
  keys: ['mod+shift+E'],
  whileTyping: true,
  enabled: canRun,
  async run() {
    if (dialectShown() !== 'sqlite') return explainTab(shown()?.id ?? '', true)
    showNotice(
      `SQLite cannot tell how a statement went. Explain (${shortcutText('mod+E')}) shows how it goes about it.`,
    )
  },
})

export const formatQuery = defineCommand({
  id: 'query.format',
  title: 'Format the SQL',
  section: 'Query',
  icon: IconTextWrapDisabled,
  keys: ['shift+alt+F'],
  whileTyping: true,
  enabled: () => (shown()?.sql.trim() ?? '') !== '',
  run: () => formatTab(shown()?.id ?? ''),
})

export const saveQuery = defineCommand({
  id: 'query.save',
  title: 'Save the query',
  section: 'Query',
  icon: IconDeviceFloppy,
  keys: ['mod+S'],
  whileTyping: true,
  enabled: () => shown() !== undefined,
  async run() {
    await saveTab(shown()?.id ?? '')
  },
})

export const useQueryInPipeline = defineCommand({
  id: 'query.toPipeline',
  title: 'Use in a pipeline',
  section: 'Query',
  icon: IconTopologyStar3,
  enabled: () => shown() !== undefined && shown()?.connection !== null && (shown()?.sql.trim() ?? '') !== '',
  run: () => toPipeline(shown()?.id ?? ''),
})

export const closeQuery = defineCommand({
  id: 'query.close',
  title: 'Close the query',
  section: 'Query',
  icon: IconX,
  keys: ['alt+W', 'mod+W'],
  whileTyping: true,
  enabled: () => inFront() !== undefined,
  async run() {
    await closeTab(inFront()?.id ?? '')
  },
})

export const closeOtherQueries = defineCommand({
  id: 'query.closeOthers',
  title: 'Close other queries',
  section: 'Query',
  enabled: several,
  run: () => closeTabs(useTabs.getState().tabs.flatMap(({ id }) => (id === inFront()?.id ? [] : [id]))),
})

export const reopenQuery = defineCommand({
  id: 'query.reopen',
  title: 'Reopen closed query',
  section: 'Query',
  keys: ['alt+shift+T', 'mod+shift+T'],
  whileTyping: true,
  enabled: () => onScreen() && canReopen(),
  run: reopenClosed,
})

const step = (by: number) => () => {
  const { tabs, active } = useTabs.getState()
  const at = tabs.findIndex(({ id }) => id === active)
  const next = tabs[(at + by + tabs.length) % tabs.length]
  if (next) activateTab(next.id)
}

export const nextQuery = defineCommand({
  id: 'query.next',
  title: 'Next query',
  section: 'Query',
  icon: IconBinaryTree,
  keys: ['mod+PageDown', 'alt+PageDown'],
  whileTyping: true,
  hidden: true,
  enabled: several,
  run: step(1),
})

export const previousQuery = defineCommand({
  id: 'query.previous',
  title: 'Previous query',
  section: 'Query',
  icon: IconBinaryTree,
  keys: ['mod+PageUp', 'alt+PageUp'],
  whileTyping: true,
  hidden: true,
  enabled: several,
  run: step(-1),
})

/** On its screen they come before commands of other screens with the same keys. */
export const querying = [
  runQuery,
  runQueryAll,
  stopQuery,
  explainQuery,
  explainAnalyzeQuery,
  formatQuery,
  saveQuery,
  useQueryInPipeline,
  newQuery,
  closeQuery,
  closeOtherQueries,
  reopenQuery,
  nextQuery,
  previousQuery,
]
