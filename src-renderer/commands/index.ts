import type { Command } from './define.ts'
import { dryRun, parameters, refresh, resume, run, runFrom, runTo, stop } from './run.ts'
import { redo, undo } from './undo.ts'

/** Everything the user can do, in the order of menus. */
export const commands: readonly Command[] = [undo, redo, run, runTo, runFrom, resume, refresh, dryRun, parameters, stop]

export const commandOf = (id: string): Command | undefined => commands.find((command) => command.id === id)
