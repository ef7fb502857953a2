import {
  IconAdjustments,
  IconExclamationCircle,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconPlayerStop,
  IconPlayerTrackNext,
  IconRefresh,
  IconRotateClockwise,
  IconTestPipe,
} from '@tabler/icons-react'
import { isTerminal } from '../../shared/run.ts'
import { asAppError } from '../api/client.ts'
import { stopRun, wishRun } from '../runs/actions.ts'
import { firstFailure } from '../runs/failure.ts'
import { setUpPart } from '../runs/rest.ts'
import { type RunWish, useRunDialog } from '../runs/run-dialog.ts'
import { documentOf } from '../stores/documents.ts'
import { useRuns } from '../stores/runs.ts'
import { goToField, selectionOf } from '../stores/selection.ts'
import { showError } from '../ui/notify.ts'
import { defineCommand } from './define.ts'
import { documentInFront, tabInFront } from './in-front.ts'

const shownRun = () => useRuns.getState().shown[tabInFront() ?? '']
const isRunning = () => {
  const run = shownRun()
  return run !== undefined && !isTerminal(run.state)
}
const canRun = () => documentInFront() !== undefined && !isRunning()
const pickedNode = () => {
  const { nodes } = selectionOf(tabInFront() ?? '')
  return nodes.length === 1 ? nodes[0] : undefined
}

async function runActive(wish: RunWish): Promise<void> {
  const document = documentInFront()
  if (document) await wishRun(document.id, wish)
}

const canRunPart = (id: string) => {
  const document = documentOf(id)
  return document !== undefined && setUpPart(document.history.present) !== undefined
}
const canRunRest = () => canRun() && canRunPart(tabInFront() ?? '')

/** Runs the whole; where a node that is not set up keeps it from starting, the others are offered, wherever the user is by then. */
async function runAll(): Promise<void> {
  const id = tabInFront() ?? ''
  try {
    await runActive({})
  } catch (thrown) {
    if (!canRunPart(id)) throw thrown
    const runPart = () =>
      wishRun(id, { setUp: true }).catch((again) => showError(asAppError(again), `${runRest.title} did not work`))
    showError(asAppError(thrown), 'Run did not work', { label: runRest.title, act: () => void runPart() })
  }
}

export const runRest = defineCommand({
  id: 'run.rest',
  title: 'Run what is set up',
  section: 'Run',
  icon: IconPlayerPlay,
  enabled: canRunRest,
  run: () => runActive({ setUp: true }),
})

export const run = defineCommand({
  id: 'run.all',
  title: 'Run',
  section: 'Run',
  icon: IconPlayerPlay,
  keys: ['mod+Enter', 'F5'],
  whileTyping: true,
  enabled: canRun,
  run: runAll,
})

export const runTo = defineCommand({
  id: 'run.to',
  title: 'Run to here',
  section: 'Run',
  icon: IconPlayerTrackNext,
  keys: ['shift+Enter'],
  enabled: () => canRun() && pickedNode() !== undefined,
  async run() {
    const to = pickedNode()
    if (to !== undefined) await runActive({ to })
  },
})

export const runFrom = defineCommand({
  id: 'run.from',
  title: 'Run again from here',
  section: 'Run',
  icon: IconPlayerSkipForward,
  keys: ['mod+shift+Enter'],
  enabled: () => canRun() && pickedNode() !== undefined,
  async run() {
    const from = pickedNode()
    if (from !== undefined) await runActive({ from })
  },
})

/** Whether the shown run left something to go on from. */
const isResumable = () => {
  const run = shownRun()
  return run !== undefined && !run.dryRun && ['failed', 'cancelled', 'crashed'].includes(run.state)
}

export const resume = defineCommand({
  id: 'run.resume',
  title: 'Resume the run that failed',
  section: 'Run',
  icon: IconRotateClockwise,
  enabled: () => canRun() && isResumable(),
  async run() {
    const failed = shownRun()
    if (failed) await runActive({ resume: failed.id })
  },
})

export const refresh = defineCommand({
  id: 'run.refresh',
  title: 'Run everything anew',
  section: 'Run',
  icon: IconRefresh,
  keys: ['mod+F5'],
  whileTyping: true,
  enabled: canRun,
  run: () => runActive({ refresh: true }),
})

export const dryRun = defineCommand({
  id: 'run.dry',
  title: 'Dry run',
  section: 'Run',
  icon: IconTestPipe,
  enabled: canRun,
  run: () => runActive({ dryRun: true }),
})

export const parameters = defineCommand({
  id: 'run.parameters',
  title: 'Values of parameters',
  section: 'Run',
  icon: IconAdjustments,
  enabled: () => (documentInFront()?.history.present.parameters.length ?? 0) > 0,
  run() {
    const document = documentInFront()
    if (document) useRunDialog.setState({ asking: { document: document.id } })
  },
})

const failurePlace = () => {
  const run = shownRun()
  return run && firstFailure(run)?.at
}

export const showFailure = defineCommand({
  id: 'run.failure',
  title: 'Show where the run failed',
  section: 'Run',
  icon: IconExclamationCircle,
  keys: ['F8'],
  whileTyping: true,
  enabled: () => failurePlace()?.node !== undefined,
  run() {
    const { node, field, position } = failurePlace() ?? {}
    const document = documentInFront()
    if (document && node !== undefined) goToField(document.id, node, field, position)
  },
})

export const stop = defineCommand({
  id: 'run.stop',
  title: 'Stop',
  section: 'Run',
  icon: IconPlayerStop,
  keys: ['Escape'],
  enabled: isRunning,
  async run() {
    const document = documentInFront()
    if (document) await stopRun(document.id)
  },
})
