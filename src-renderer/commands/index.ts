import type { Command } from './define.ts'
import { run, runTo, stop } from './run.ts'
import { redo, undo } from './undo.ts'

/** Everything the user can do, in the order of menus. */
export const commands: readonly Command[] = [undo, redo, run, runTo, stop]

export const commandOf = (id: string): Command | undefined => commands.find((command) => command.id === id)
