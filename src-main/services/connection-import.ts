import { z } from 'zod'
import { type ConnectionConfig, connectionConfig } from '../../shared/connections.ts'
import { AppError, toAppError } from '../../shared/errors.ts'
import { readConnectionUrl } from './connection-file.ts'
import { settleNumbers } from './expand.ts'

/** What became of the connections of a text. */
export interface Imported {
  added: string[]
  /** Whose names were there already; they stay as they were. */
  kept: string[]
  refused: { name: string; problem: string }[]
}

type Read =
  | { name: string; config: ConnectionConfig; problem?: never }
  | { name: string; config?: never; problem: string }

const fields = z.record(z.string(), z.json())
const document = z.record(z.string(), z.union([z.string(), fields]))

/** The text of a connections.json. */
export function exportText(connections: readonly { name: string; config: ConnectionConfig }[]): string {
  return `${JSON.stringify(Object.fromEntries(connections.map(({ name, config }) => [name, config])), null, 2)}\n`
}

/**
 * Reads a connections.json. References to the environment stay references; one that stands for a number gives way to its default.
 * @throws AppError CONNECTION_INVALID when it is none; what is wrong with one connection is in its place
 */
export async function parseImport(text: string): Promise<Read[]> {
  const invalid = (problem: string) =>
    new AppError('CONNECTION_INVALID', `What is to be imported ${problem}.`, {
      hint: 'It maps names to connections, as an export writes it.',
    })
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw invalid('is not valid JSON')
  }
  const entries = document.safeParse(parsed)
  if (!entries.success)
    throw invalid(`has no valid connection at ${entries.error.issues[0]?.path.join('.') || 'the top'}`)
  const named = Object.entries(entries.data).filter(([name]) => name !== '$schema')
  return Promise.all(named.map(([name, value]) => readEntry(name, value)))
}

async function readEntry(name: string, value: string | z.infer<typeof fields>): Promise<Read> {
  try {
    if (typeof value === 'string') return { name, config: await readConnectionUrl(value) }
    const { url, ...rest } = value
    const base = typeof url === 'string' ? await readConnectionUrl(url) : {}
    const config = connectionConfig.safeParse({ ...base, ...settleNumbers(rest) })
    if (config.success) return { name, config: config.data }
    const where = config.error.issues[0]?.path.join('.')
    return { name, problem: `It has no valid value at ${where || 'the top'}.` }
  } catch (error) {
    return { name, problem: toAppError(error).message }
  }
}
