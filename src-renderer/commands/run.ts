import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react'
import { isTerminal } from '../../shared/run.ts'
import { startRun, stopRun } from '../runs/actions.ts'
import { activeDocument, useDocuments } from '../stores/documents.ts'
import { useRuns } from '../stores/runs.ts'
import { selectionOf } from '../stores/selection.ts'
import { defineCommand } from './define.ts'

const running = () => {
  const run = useRuns.getState().shown[useDocuments.getState().active ?? '']
  return run !== undefined && !isTerminal(run.state)
}

export const run = defineCommand({
  id: 'run.all',
  title: 'Run',
  section: 'Run',
  icon: IconPlayerPlay,
  keys: ['mod+Enter', 'F5'],
  whileTyping: true,
  enabled: () => activeDocument() !== undefined && !running(),
  async run() {
    const document = activeDocument()
    if (document) await startRun(document.id)
  },
})

export const runTo = defineCommand({
  id: 'run.to',
  title: 'Run to here',
  section: 'Run',
  keys: ['shift+Enter'],
  enabled: () => !running() && selectionOf(useDocuments.getState().active ?? '').nodes.length === 1,
  async run() {
    const document = activeDocument()
    const [to] = document ? selectionOf(document.id).nodes : []
    if (document && to !== undefined) await startRun(document.id, { to })
  },
})

export const stop = defineCommand({
  id: 'run.stop',
  title: 'Stop',
  section: 'Run',
  icon: IconPlayerStop,
  keys: ['Escape'],
  enabled: running,
  async run() {
    const document = activeDocument()
    if (document) await stopRun(document.id)
  },
})
