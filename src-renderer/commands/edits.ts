import {
  IconArrowsMaximize,
  IconListCheck,
  IconRowInsertBottom,
  IconRowRemove,
  IconSquareOff,
  IconTextSize,
  IconTrashX,
} from '@tabler/icons-react'
import { shownGrid } from '../results/shown-grid.ts'
import { defineCommand } from './define.ts'

/** Cells of the grid that is shown, where they can be changed. */
const editing = () => shownGrid()?.editing
const canEdit = () => editing() !== undefined
const isPicked = () => canEdit() && shownGrid()?.store.getState().range !== undefined
const hasChanges = () => (editing()?.count ?? 0) > 0

export const addTableRow = defineCommand({
  id: 'edits.addRow',
  title: 'Add a row',
  section: 'Query',
  icon: IconRowInsertBottom,
  keys: ['alt+Insert'],
  enabled: canEdit,
  run: () => editing()?.addRow(),
})

export const removeTableRows = defineCommand({
  id: 'edits.removeRows',
  title: 'Delete the picked rows',
  section: 'Query',
  icon: IconRowRemove,
  keys: ['mod+Delete'],
  native: true,
  enabled: isPicked,
  run: () => editing()?.removeRows(),
})

export const editCellApart = defineCommand({
  id: 'edits.large',
  title: 'Edit the cell in a larger editor',
  section: 'Query',
  icon: IconArrowsMaximize,
  keys: ['shift+F2'],
  native: true,
  enabled: isPicked,
  run: () => editing()?.openLarge(),
})

export const setNull = defineCommand({
  id: 'edits.null',
  title: 'Set the picked cells to NULL',
  section: 'Query',
  icon: IconSquareOff,
  keys: ['Delete'],
  native: true,
  enabled: isPicked,
  run: () => editing()?.set(null),
})

export const setEmpty = defineCommand({
  id: 'edits.empty',
  title: 'Set the picked cells to an empty text',
  section: 'Query',
  icon: IconTextSize,
  enabled: isPicked,
  run: () => editing()?.set(''),
})

export const reviewEdits = defineCommand({
  id: 'edits.review',
  title: 'Review and apply the changes',
  section: 'Query',
  icon: IconListCheck,
  keys: ['alt+A'],
  enabled: hasChanges,
  run: () => editing()?.review(),
})

export const discardEdits = defineCommand({
  id: 'edits.discard',
  title: 'Discard the changes',
  section: 'Query',
  icon: IconTrashX,
  enabled: hasChanges,
  run: () => editing()?.discard(),
})

/** Changes of the rows that are shown. */
export const editingRows = [addTableRow, removeTableRows, editCellApart, setNull, setEmpty, reviewEdits, discardEdits]
