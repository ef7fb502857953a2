import type { Command } from 'commander'
import type { CliContext } from './context.ts'

/** Adds a command to the program. Its work returns the exit code. */
export type Define = (program: Command, act: Act) => void

/** Turns a command's work into commander's action; what it returns becomes the exit code. */
export type Act = <A extends unknown[]>(
  work: (context: CliContext, ...args: A) => Promise<number>,
) => (...args: A) => Promise<void>
