import {
  IconChartBar,
  IconDownload,
  IconFilter,
  IconListDetails,
  IconListNumbers,
  IconRoute,
  IconSql,
  IconTable,
} from '@tabler/icons-react'
import { goToRow } from '../grid/store.ts'
import { exportRows } from '../results/exports.ts'
import { shownGrid } from '../results/shown-grid.ts'
import { type Panel, showPanel } from '../stores/window.ts'
import { promptText } from '../ui/dialogs.ts'
import { formatCount } from '../ui/format.ts'
import { defineCommand } from './define.ts'

const hasRows = () => (shownGrid()?.store.getState().total ?? 0) > 0

export const goToRowCommand = defineCommand({
  id: 'results.row',
  title: 'Go to row',
  section: 'Go',
  icon: IconListNumbers,
  keys: ['alt+G'],
  enabled: hasRows,
  async run() {
    const grid = shownGrid()
    if (!grid) return
    const { total } = grid.store.getState()
    const text = await promptText({
      title: 'Go to row',
      label: `Row, 1 to ${formatCount(total)}`,
      action: 'Go',
      check: (typed) => {
        const row = rowOf(typed)
        return row >= 1 && row <= total ? undefined : `Write a number from 1 to ${formatCount(total)}.`
      },
    })
    if (text !== null) goToRow(grid.store, rowOf(text) - 1)
  },
})

const rowOf = (text: string) => (/^[\d,]+$/.test(text.trim()) ? Number(text.replaceAll(',', '')) : Number.NaN)

export const filterRows = defineCommand({
  id: 'results.filter',
  title: 'Filter rows',
  section: 'View',
  icon: IconFilter,
  enabled: hasRows,
  run() {
    const grid = shownGrid()
    const [first] = grid?.store.getState().columns ?? []
    if (first) grid?.actions.getState().onFilter(first.name)
  },
})

export const exportCsv = defineCommand({
  id: 'results.export',
  title: 'Export rows as CSV',
  section: 'File',
  icon: IconDownload,
  enabled: hasRows,
  async run() {
    const grid = shownGrid()
    if (grid) await exportRows(grid, 'csv')
  },
})

const panelCommand = (panel: Panel, title: string, icon: typeof IconTable, key: string) =>
  defineCommand({
    id: `panel.${panel}`,
    title,
    section: 'View',
    icon,
    keys: [key],
    whileTyping: true,
    run: () => showPanel(panel),
  })

export const panelCommands = [
  panelCommand('rows', 'Show rows', IconTable, 'alt+shift+R'),
  panelCommand('profile', 'Show profile', IconChartBar, 'alt+shift+P'),
  panelCommand('sql', 'Show SQL', IconSql, 'alt+shift+Q'),
  panelCommand('log', 'Show log', IconListDetails, 'alt+shift+L'),
  panelCommand('lineage', 'Show lineage', IconRoute, 'alt+shift+C'),
]
