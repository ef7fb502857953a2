import type { Writable } from 'node:stream'
import type { RunState } from '../../../../shared/run.ts'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

const codes: Record<Style, [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
}

/** A place to print to: results go to one (stdout), everything said about them to another (stderr). */
export interface Terminal {
  write(text: string): void
  line(text?: string): void
  /** Whether lines can be drawn over. */
  readonly live: boolean
  /** Cells per line; undefined when it is no terminal. */
  readonly width: number | undefined
  readonly height: number | undefined
  style(style: Style, text: string): string
}

interface MaybeTty extends Writable {
  isTTY?: boolean
  columns?: number
  rows?: number
}

/** Colours are for terminals, never with `NO_COLOR`, always with `FORCE_COLOR`. */
export function terminal(stream: MaybeTty, env: Readonly<Record<string, string | undefined>>): Terminal {
  const tty = stream.isTTY === true
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0'
  const color = !env.NO_COLOR && (forced || (tty && env.TERM !== 'dumb'))
  return {
    write: (text) => {
      stream.write(text)
    },
    line: (text = '') => {
      stream.write(`${text}\n`)
    },
    live: tty && env.TERM !== 'dumb',
    get width() {
      return tty ? stream.columns || 80 : undefined
    },
    get height() {
      return tty ? stream.rows || 24 : undefined
    },
    style: (style, text) => (color ? `\x1b[${codes[style][0]}m${text}\x1b[${codes[style][1]}m` : text),
  }
}

const stateStyles: Partial<Record<RunState, Style>> = {
  running: 'cyan',
  completed: 'green',
  failed: 'red',
  crashed: 'red',
  cancelling: 'yellow',
  cancelled: 'yellow',
  pending: 'dim',
  skipped: 'dim',
}

/** Colours a text by the state it speaks of; the state itself is always also a sign and a word. */
export function styleState(to: Terminal, state: RunState, text: string): string {
  const style = stateStyles[state]
  return style === undefined ? text : to.style(style, text)
}
