import { InvalidArgumentError } from 'commander'
import { defaultLimits, type Limits } from '../../engine/scope.ts'

/** Collects `NAME=VALUE` given any number of times. */
export function pairs(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  // The text may hold a password, so only what stands before the sign is ever shown.
  if (at < 1) throw new InvalidArgumentError('Write it as NAME=VALUE.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** A whole number from 1 up. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Write a whole number from 1 up.')
  return Number(text)
}

/** What a run may use, where the command line does not say. */
export function limitsOf(options: { memory?: number; threads?: number }): Limits {
  return {
    ...defaultLimits,
    ...(options.memory !== undefined && { memoryMb: options.memory }),
    ...(options.threads !== undefined && { threads: options.threads }),
  }
}

export const queryFormats = ['table', 'csv', 'json', 'ndjson', 'parquet'] as const
export type QueryFormat = (typeof queryFormats)[number]

/** A port of this machine; 0 is any free one. */
export function port(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= 65_535) return value
  throw new InvalidArgumentError('It is a number from 0 to 65535.')
}
