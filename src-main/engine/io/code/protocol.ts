import type { Column, ColumnType } from '../../../../shared/data/types.ts'

/** What the sandbox is started with. */
export interface SandboxOptions {
  code: string
  input: Column[]
  output: Column[]
  /** Parameters as JSON: their types, and their values as the glue decodes them. */
  params: { types: Record<string, ColumnType>; values: Record<string, unknown> }
  memoryMb: number
  batchSeconds: number
}

/** Asked of the sandbox, answered in order: once `start`, then batches, then `end`. */
export type SandboxCall =
  | { call: 'start' }
  /** Rows as a JSON array of arrays; `first` is the number of the first one, from 0. */
  | { call: 'rows'; rows: string; first: number }
  | { call: 'end' }

export interface SandboxFailure {
  code: 'CODE_SYNTAX' | 'CODE_THREW' | 'CODE_LIMIT'
  message: string
  hint?: string
  /** Of the user's code, from 1. */
  line?: number
}

export interface SandboxReply {
  /** JSON: an array of arrays of encoded cells. */
  rows?: string
  failure?: SandboxFailure
  logs: string[]
}
