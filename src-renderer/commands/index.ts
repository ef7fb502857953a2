import { add, insert, note } from './add.ts'
import { arranging } from './canvas-arrange.ts'
import { connectTo, runAfter } from './canvas-connect.ts'
import { disable, duplicate, enable, remove, rename, selectAll } from './canvas-edit.ts'
import { color, group, leaveGroup, ungroup } from './canvas-groups.ts'
import { viewing } from './canvas-view.ts'
import { walking } from './canvas-walk.ts'
import { copy, cut, paste } from './clipboard.ts'
import { newConnection } from './connections.ts'
import type { Command } from './define.ts'
import { editingRows } from './edits.ts'
import {
  addData,
  close,
  closeOthers,
  copyJson,
  newFile,
  open,
  pasteJson,
  reload,
  reopen,
  samples,
  save,
  saveAll,
  saveAs,
} from './file.ts'
import { nextTab, numberedTabs, previousTab, screenCommands } from './go.ts'
import { keySheet, nodeHelp, palette } from './help.ts'
import { querying } from './query.ts'
import { regionCommands } from './regions.ts'
import { exportCsv, filterRows, goToRowCommand, panelCommands } from './results.ts'
import { dryRun, parameters, refresh, resume, run, runFrom, runRest, runTo, showFailure, stop } from './run.ts'
import { onTables } from './tables.ts'
import { redo, undo } from './undo.ts'
import { darkTheme, lightTheme, systemTheme, toggleBottom, toggleLeft, toggleRight } from './view.ts'

const file = [
  newFile,
  open,
  samples,
  addData,
  newConnection,
  save,
  saveAs,
  saveAll,
  reload,
  copyJson,
  pasteJson,
  exportCsv,
  close,
  closeOthers,
  reopen,
]
const edit = [undo, redo, cut, copy, paste, duplicate, remove, selectAll]
const canvas = [
  add,
  insert,
  note,
  connectTo,
  runAfter,
  rename,
  disable,
  enable,
  group,
  ungroup,
  leaveGroup,
  color,
  ...arranging,
  ...viewing,
  ...walking,
]
const runs = [run, runRest, runTo, runFrom, resume, refresh, dryRun, parameters, showFailure, stop]
const view = [toggleLeft, toggleRight, toggleBottom, ...panelCommands, filterRows, lightTheme, darkTheme, systemTheme]
const go = [...Object.values(screenCommands), nextTab, previousTab, ...numberedTabs, ...regionCommands, goToRowCommand]
const help = [palette, keySheet, nodeHelp]

/** Everything the user can do, in the order of menus. */
export const commands: readonly Command[] = [
  ...querying,
  ...editingRows,
  ...onTables,
  ...file,
  ...edit,
  ...canvas,
  ...runs,
  ...view,
  ...go,
  ...help,
]

export const commandOf = (id: string): Command | undefined => commands.find((command) => command.id === id)
